/** A step without its matrix: what happened, what is wrong, what changed. */
/** @import {PageScenario, PageStep} from '../page-data.ts' */
import { cellName, counted, lookAt, looksOf } from './data.js';
import { button, element, foldedList } from './elements.js';
import { marksOf } from './marks.js';

const LISTED_AT_MOST = 10;
const LISTED_WHEN_ASKED = 500;

/**
 * @param {PageScenario} scenario
 * @param {number} step
 * @param {(step: number) => void} choose
 */
export const stepChoice = ({ steps }, step, choose) =>
  steps.length < 2
    ? []
    : [
        element('nav', { class: 'steps', 'aria-label': 'Steps' }, [
          element(
            'ol',
            {},
            steps.map(({ name, word, status }, at) =>
              element('li', {}, [
                button(`${at + 1}. ${name}: ${word}`, () => choose(at), {
                  class: `status-${status}`,
                  'aria-current': at === step ? 'step' : undefined,
                }),
              ]),
            ),
          ),
        ]),
      ];

/**
 * @param {PageScenario} scenario
 */
export const scenarioHead = ({ name, word, status, intent, file, times, warnings, notes, omitted }) => [
  element('h2', { id: 'scenario-title', tabindex: -1 }, [
    element('span', { class: `badge status-${status}` }, [word]),
    ' ',
    name,
  ]),
  ...intent.map((line) => element('p', { class: 'intent' }, [line])),
  element('p', { class: 'quiet' }, [file, ...(times === '' ? [] : [` · ${times}`])]),
  ...foldedList('Warnings about policies', warnings, { open: warnings.length <= 3 }),
  ...foldedList('Notes', notes),
  ...omitted.map((line) => element('p', { class: 'quiet' }, [line])),
];

/**
 * @param {PageStep} step
 * @param {(position: number) => void} open
 */
export const stepFindings = (step, open) => [
  ...step.messages.map((line) =>
    element('p', { class: line.startsWith('error:') ? 'message bad' : 'message' }, [line]),
  ),
  ...(step.findings.length > 0
    ? [
        element('section', { class: 'findings', 'aria-labelledby': 'findings-title' }, [
          element('h3', { id: 'findings-title' }, [counted(step.findingCount, 'finding')]),
          ...cellList(step, step.findings, step.findingCount, open),
        ]),
      ]
    : []),
  ...(step.flips ?? [])
    .filter(({ count }) => count > 0)
    .map(({ word, cells, count }) =>
      element('section', { class: 'flips' }, [
        element('h3', {}, [`${counted(count, 'cell')} ${word} since the step before`]),
        ...cellList(step, cells, count, open),
      ]),
    ),
];

/**
 * @param {PageStep} step
 * @param {readonly number[]} positions
 * @param {number} count
 * @param {(position: number) => void} open
 */
const cellList = (step, positions, count, open) => {
  const list = element('ul', { class: 'cells' });
  /** @param {number} most */
  const show = (most) =>
    list.replaceChildren(...positions.slice(0, most).map((position) => cellItem(step, position, open)));
  show(LISTED_AT_MOST);
  if (count <= LISTED_AT_MOST) return [list];
  const most = Math.min(positions.length, LISTED_WHEN_ASKED);
  const rest = most < count ? ` of ${count.toLocaleString('en')}` : '';
  const more = button(`Show ${most}${rest}`, () => {
    show(most);
    more.remove();
  });
  return [list, more];
};

/**
 * @param {PageStep} step
 * @param {number} position
 * @param {(position: number) => void} open
 */
const cellItem = (step, position, open) => {
  const look = lookAt(step, position);
  const made = button('', () => open(position), { class: 'cell-link' });
  made.append(
    element('span', { class: `cell sample ${look.kind}` }, marksOf(look)),
    element('span', { class: 'cell-name' }, [cellName(step, position)]),
    element('span', { class: 'cell-label' }, [look.label]),
  );
  return element('li', {}, [made]);
};

/**
 * What the marks in use mean.
 * @param {PageStep} step
 */
export const legendOf = (step) => {
  const used = new Set(looksOf(step));
  const looks = step.looks.filter((look, at) => used.has(at) && look.kind !== 'blank');
  const unique = new Map(looks.map((look) => [`${look.kind} ${look.mark} ${look.wanted}`, look]));
  return element('section', { class: 'legend', 'aria-labelledby': 'legend-title' }, [
    element('h3', { id: 'legend-title' }, ['Marks']),
    element('p', { class: 'quiet' }, [
      'The large mark is what was seen or predicted, the small one what was expected: ',
      '● allowed, × blocked, R refused, D no answer.',
    ]),
    element(
      'ul',
      {},
      [...unique.values()].map((look) =>
        element('li', {}, [
          element('span', { class: `cell sample ${look.kind}` }, marksOf({ ...look, disagrees: false })),
          element('span', {}, [look.label]),
        ]),
      ),
    ),
    ...(looks.some(({ disagrees }) => disagrees)
      ? [element('p', { class: 'quiet' }, ['! the CNI and the specification disagree'])]
      : []),
    ...step.omitted.map((line) => element('p', { class: 'quiet' }, [line])),
  ]);
};
