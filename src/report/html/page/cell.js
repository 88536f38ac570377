/** What is known about one cell. */
/** @import {PageData, PageScenario, PageStep} from '../page-data.ts' */
import { cellName, counted, lookAt, looksOf, partsOf } from './data.js';
import { button, element, foldedList } from './elements.js';
import { marksOf } from './marks.js';
import { policyFigures } from './policy.js';

/**
 * @typedef {object} OpenCell
 * @property {PageData} data
 * @property {PageScenario} scenario
 * @property {PageStep} step
 * @property {number} position
 * @property {readonly string[]} from The sources that it stands for.
 * @property {readonly string[]} to
 * @property {string} link
 * @property {() => void} close
 */

/** @param {OpenCell} open */
export const cellPanel = (open) => {
  const { scenario, step, position, link, close } = open;
  const look = lookAt(step, position);
  const title = element('h3', { id: 'cell-title', tabindex: -1 }, [cellName(step, position)]);
  return element('aside', { class: 'panel', 'aria-labelledby': 'cell-title' }, [
    element('div', { class: 'panel-head' }, [
      title,
      button('Close', close, { class: 'close', 'aria-keyshortcuts': 'Escape' }),
    ]),
    element('p', { class: 'verdict' }, [
      element('span', { class: `cell sample ${look.kind}` }, marksOf(look)),
      element('span', {}, [sentence(look.label)]),
    ]),
    ...look.words.map((words) => element('p', {}, [words])),
    ...standsFor(open),
    ...evidence(step, position),
    ...reasons(scenario, step, position),
    ...repetition(step, position),
    element('p', { class: 'quiet' }, ['The address of this page leads to this cell.']),
    ...copyButtons(new URL(link, location.href).href),
  ]);
};

/** @param {OpenCell} open */
const standsFor = ({ from, to }) => {
  if (from.length * to.length < 2) return [];
  return [
    element('p', {}, ['This cell stands for all of these pods, which no cell of the matrix distinguishes.']),
    ...(from.length > 1 ? foldedList('Sources', from) : []),
    ...(to.length > 1 ? foldedList('Destinations', to) : []),
  ];
};

/** @type {WeakMap<PageStep, ReadonlyMap<number, PageStep['evidence'][number]>>} */
const evidenceIndex = new WeakMap();

/**
 * @param {PageStep} step
 * @param {number} position
 */
const evidence = (step, position) => {
  const known = evidenceIndex.get(step) ?? new Map(step.evidence.map((one) => [one[0], one]));
  evidenceIndex.set(step, known);
  const found = known.get(position);
  if (!found) return [];
  const [, attempts, detail] = found;
  const said = step.details[detail] ?? '';
  return [
    element('h4', {}, ['Evidence']),
    element('dl', {}, [
      element('dt', {}, ['Tried']),
      element('dd', {}, [attempts === 1 ? 'once' : counted(attempts, 'time')]),
      ...(said === '' ? [] : [element('dt', {}, ['The tools said']), element('dd', { class: 'said' }, [said])]),
    ]),
  ];
};

/**
 * @param {PageScenario} scenario
 * @param {PageStep} step
 * @param {number} position
 */
const reasons = (scenario, step, position) => {
  const explained = step.explanations.find(({ cell }) => cell === position);
  if (!explained) return decided(scenario, step, position);
  const { lines, changes, places } = explained;
  return [
    element('h4', {}, ['What the policies say']),
    preformatted('Explanation', lines),
    ...policyFigures(scenario, places),
    ...(changes.length > 0 ? [element('h4', {}, ['What would open it']), preformatted('Changes', changes)] : []),
  ];
};

/**
 * Long lines scroll, so the keyboard has to get there.
 * @param {string} label
 * @param {readonly string[]} lines
 */
const preformatted = (label, lines) =>
  element('pre', { tabindex: 0, role: 'group', 'aria-label': label }, [lines.join('\n')]);

/** @type {WeakMap<PageStep, ReadonlyMap<string, readonly number[]>>} */
const decidedIndex = new WeakMap();

/**
 * @param {PageScenario} scenario
 * @param {PageStep} step
 * @param {number} position
 */
const decided = (scenario, step, position) => {
  const { deciders, rows, columns } = step;
  const look = looksOf(step)[position];
  if (!deciders || look === 0 || look === 1) return [];
  const known =
    decidedIndex.get(step) ??
    new Map(deciders.cells.map(([from, to, head, ...sides]) => [`${from} ${to} ${head}`, sides]));
  decidedIndex.set(step, known);
  const row = rows[Math.floor(position / columns.length)] ?? 0;
  const [end = 0, head = 0] = columns[position % columns.length] ?? [];
  const sides = known.get(`${deciders.classOf[row]} ${deciders.classOf[end]} ${head}`);
  if (!sides) return [];
  const { from, to } = partsOf(step, position);
  const found = sides.flatMap((side) => deciders.sides[side] ?? []);
  return [
    element('h4', {}, ['What the policies say']),
    ...(found.length === 0 ? [element('p', {}, ['No pod is behind this Service, so nothing decides.'])] : []),
    ...found.map(({ text }, index) =>
      element('p', {}, [element('strong', {}, [index === 0 ? `Egress of ${from}: ` : `Ingress of ${to}: `]), text]),
    ),
    ...policyFigures(
      scenario,
      found.flatMap(({ places }) => places),
    ),
  ];
};

/**
 * @param {PageStep} step
 * @param {number} position
 */
const repetition = (step, position) => {
  const command = step.repeat.find(([cell]) => cell === position)?.[1];
  if (command === undefined) return [];
  const code = element('pre', { class: 'command', tabindex: 0, role: 'group', 'aria-label': 'Command' }, [command]);
  return [element('h4', {}, ['Repeat it']), code, ...copyButtons(command)];
};

/**
 * Some browsers have no clipboard for a page that is a file.
 * @param {string} text
 */
const copyButtons = (text) => {
  if (!navigator.clipboard) return [];
  /** @param {string} word */
  const say = (word) => () => {
    made.textContent = word;
  };
  const made = button(
    'Copy',
    () => void navigator.clipboard.writeText(text).then(say('Copied'), say('Not allowed here')),
  );
  return [made];
};

/** @param {string} text */
const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
