/** What was measured over time in a step: a table, and strips of time. */
/** @import {PageMeasured, PageStrip} from '../page-data.ts' */
import { counted } from './data.js';
import { element } from './elements.js';

const SHOWN_AT_ONCE = 20;
const WIDTH = 1000;
const HEIGHT = 20;
const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {PageMeasured} measured
 * @param {number} at
 */
export const measuredSection = (measured, at) =>
  element('section', { 'aria-labelledby': `measured-${at}` }, [
    element('h3', { id: `measured-${at}` }, [measured.title]),
    element('p', { class: 'quiet' }, [measured.how]),
    ...timesTable(measured),
    ...measured.notes.map((note) => element('p', {}, [note])),
    ...stripList(measured),
  ]);

/** @param {PageMeasured} measured */
const timesTable = ({ title, times: [head = [], ...rows] }) =>
  rows.length === 0
    ? []
    : [
        element('div', { class: 'times', tabindex: 0, role: 'region', 'aria-label': `${title}: times` }, [
          element('table', {}, [
            element('thead', {}, [
              element(
                'tr',
                {},
                head.map((word) => element('th', { scope: 'col' }, [word])),
              ),
            ]),
            element(
              'tbody',
              {},
              rows.map(([name = '', ...figures]) =>
                element('tr', {}, [
                  element('th', { scope: 'row' }, [withArrow(name)]),
                  ...figures.map((figure) => element('td', {}, [figure])),
                ]),
              ),
            ),
          ]),
        ]),
      ];

/**
 * As the page writes cells elsewhere; the ASCII arrow may also be broken between its two characters.
 * @param {string} name
 */
const withArrow = (name) => name.replace(' -> ', ' → ');

/** @param {PageMeasured} measured */
const stripList = ({ strips }) =>
  strips === undefined
    ? []
    : [
        element('details', { class: 'folded', open: strips.all.length <= SHOWN_AT_ONCE || strips.all[0]?.isWrong }, [
          element('summary', {}, [`${counted(strips.all.length, strips.of)}, ${strips.scale}`]),
          element('p', { class: 'quiet' }, [strips.legend]),
          element(
            'ul',
            { class: 'strips' },
            strips.all.map((strip) =>
              element('li', { class: strip.isWrong ? 'bad' : undefined }, [
                element('span', { class: 'strip-name' }, [withArrow(strip.name)]),
                strip.isSeen ? stripPicture(strip, strips.accepted) : element('span', {}, []),
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
