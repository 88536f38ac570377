/** @import {PageData, PageStep} from '../page-data.ts' */
import { partsOf } from './data.js';

/**
 * @typedef {object} Target What a link leads to.
 * @property {number} scenario
 * @property {number} step
 * @property {number | null} cell
 */

/**
 * The fragment of a link, by names: it still fits when the report is rendered again.
 * @param {PageData} data
 * @param {Target} target
 */
export const linkTo = ({ scenarios }, { scenario, step, cell }) => {
  const one = scenarios[scenario];
  const its = one?.steps[step];
  if (!one) return '#';
  const same = scenarios.slice(0, scenario).filter(({ name }) => name === one.name).length;
  const parts = new URLSearchParams({ scenario: one.name });
  if (same > 0) parts.set('number', String(same + 1));
  if (its && one.steps.length > 1) parts.set('step', its.name);
  if (its && cell !== null) {
    const { from, to, head } = partsOf(its, cell);
    parts.set('from', from);
    parts.set('to', to);
    parts.set('port', head);
  }
  return `#${parts}`;
};

/**
 * What the fragment leads to; null if there is no such thing here.
 * @param {PageData} data
 * @param {string} fragment
 * @returns {Target | null}
 */
export const targetOf = ({ scenarios }, fragment) => {
  const parts = new URLSearchParams(fragment.replace(/^#/, ''));
  const named = [...scenarios.keys()].filter((at) => scenarios[at]?.name === parts.get('scenario'));
  const scenario = named[Number(parts.get('number') ?? 1) - 1];
  if (scenario === undefined) return null;
  const steps = scenarios[scenario]?.steps ?? [];
  const wanted = parts.get('step');
  const step = wanted === null ? firstTelling(steps) : steps.findIndex(({ name }) => name === wanted);
  const its = steps[step];
  return { scenario, step: Math.max(step, 0), cell: its ? cellIn(its, parts) : null };
};

/**
 * The first step that did not pass, otherwise the first.
 * @param {readonly PageStep[]} steps
 */
export const firstTelling = (steps) =>
  Math.max(
    0,
    steps.findIndex(({ status }) => status !== 'pass'),
  );

/**
 * @param {PageStep} step
 * @param {URLSearchParams} parts
 */
const cellIn = ({ ends, rows, columns, heads }, parts) => {
  const [from, to] = [ends.indexOf(parts.get('from') ?? ''), ends.indexOf(parts.get('to') ?? '')];
  const head = heads.indexOf(parts.get('port') ?? '');
  const row = rows.indexOf(from);
  const column = columns.findIndex(([end, its]) => end === to && its === head);
  return row < 0 || column < 0 ? null : row * columns.length + column;
};
