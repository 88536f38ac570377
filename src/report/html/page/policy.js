/** @import {PageLine, PageScenario} from '../page-data.ts' */
import { element } from './elements.js';

/** Lines before and after those that decide. */
const AROUND = 4;

/**
 * The lines of policies at some places, with those that decide marked.
 * @param {PageScenario} scenario
 * @param {readonly PageLine[]} places
 */
export const policyFigures = ({ policies }, places) => {
  const byPolicy = Map.groupBy(places, ([policy]) => policy);
  return [...byPolicy].flatMap(([at, lines]) => {
    const policy = policies[at];
    return policy ? [figureOf(policy, new Set(lines.map(([, line]) => line)))] : [];
  });
};

/**
 * @param {PageScenario['policies'][number]} policy
 * @param {ReadonlySet<number>} marked
 */
const figureOf = ({ name, file, line: first, lines }, marked) => {
  const numbers = lines.map((_, index) => first + index);
  const shown = numbers.filter((number) => [...marked].some((one) => Math.abs(one - number) <= AROUND));
  const rows = shown.flatMap((number, index) => {
    const gap = index > 0 && (shown[index - 1] ?? 0) + 1 < number ? [element('span', { class: 'gap' }, ['⋮'])] : [];
    return [...gap, lineOf(number, lines[number - first] ?? '', marked.has(number))];
  });
  return element('figure', { class: 'policy' }, [
    element('figcaption', {}, [element('strong', {}, [name]), ` ${file}`]),
    element('div', { class: 'code', tabindex: 0, role: 'group', 'aria-label': `Lines of ${name}` }, rows),
  ]);
};

/**
 * @param {number} number
 * @param {string} text
 * @param {boolean} isMarked
 */
const lineOf = (number, text, isMarked) =>
  element('span', { class: isMarked ? 'code-line marked' : 'code-line' }, [
    element('span', { class: 'number' }, [`${isMarked ? '▸' : ' '}${number}`]),
    element('span', { class: 'text' }, [text === '' ? ' ' : text]),
  ]);
