/** How the change of a step took effect: a table of times, and a strip of time for each cell. */
/** @import {PageEnforcement, PageStrip} from '../page-data.ts' */
import { counted } from './data.js';
import { element } from './elements.js';

const SHOWN_AT_ONCE = 20;
const WIDTH = 1000;
const HEIGHT = 20;
const SVG = 'http://www.w3.org/2000/svg';

/** @param {PageEnforcement | undefined} enforcement */
export const enforcementSection = (enforcement) =>
  enforcement
    ? [
        element('section', { class: 'enforcement', 'aria-labelledby': 'enforcement-title' }, [
          element('h3', { id: 'enforcement-title' }, ['Time to enforce']),
          element('p', { class: 'quiet' }, [enforcement.how]),
          ...timesTable(enforcement.times),
          ...stripList(enforcement),
        ]),
      ]
    : [];

/** @param {PageEnforcement['times']} times */
const timesTable = ([head = [], ...rows]) =>
  rows.length === 0
    ? [element('p', {}, ['No cell was seen to change.'])]
    : [
        element('div', { class: 'times', tabindex: 0, role: 'region', 'aria-label': 'Times to enforce' }, [
          element('table', {}, [
            element('thead', {}, [
              element(
                'tr',
                {},
                head.map((word) => element('th', { scope: 'col' }, [word === '' ? 'change' : word])),
              ),
            ]),
            element(
              'tbody',
              {},
              rows.map(([name = '', ...figures]) =>
                element('tr', {}, [
                  element('th', { scope: 'row' }, [name]),
                  ...figures.map((figure) => element('td', {}, [figure])),
                ]),
              ),
            ),
          ]),
        ]),
      ];

/** @param {PageEnforcement} enforcement */
const stripList = ({ strips, scale, accepted }) =>
  strips.length === 0
    ? []
    : [
        element('details', { class: 'folded', open: strips.length <= SHOWN_AT_ONCE || strips[0]?.isWrong }, [
          element('summary', {}, [`${counted(strips.length, 'cell')}, ${scale}`]),
          element('p', { class: 'quiet' }, [
            'A strip is thick while the cell was open; its upright line is when the change was accepted.',
          ]),
          element(
            'ul',
            { class: 'strips' },
            strips.map((strip) =>
              element('li', { class: strip.isWrong ? 'bad' : undefined }, [
                element('span', { class: 'strip-name' }, [strip.name]),
                strip.isSeen ? stripPicture(strip, accepted) : element('span', {}, []),
                element('span', { class: 'strip-text' }, [strip.text]),
              ]),
            ),
          ),
        ]),
      ];

/**
 * The text beside it says the same, so a screen reader leaves it out.
 * @param {PageStrip} strip
 * @param {number} accepted
 */
const stripPicture = ({ open }, accepted) => {
  const picture = shape('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  });
  const at = Math.round(accepted * WIDTH);
  picture.append(
    shape('rect', { class: 'strip-closed', x: 0, y: 8, width: WIDTH, height: 4 }),
    ...open.map(([from, to]) =>
      shape('rect', { class: 'strip-open', x: from * WIDTH, y: 2, width: (to - from) * WIDTH, height: 16 }),
    ),
    shape('rect', { class: 'strip-accepted', x: at, y: 0, width: 3, height: HEIGHT }),
  );
  return picture;
};

/**
 * @param {string} name
 * @param {Readonly<Record<string, string | number>>} attributes
 */
const shape = (name, attributes) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
};
