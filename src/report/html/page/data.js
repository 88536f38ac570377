/** @import {PageData, PageStep} from '../page-data.ts' */

/** @returns {PageData} */
export const readData = () => JSON.parse(document.getElementById('data')?.textContent ?? '');

const SELF_LOOK = 1;
const FIRST_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LATER_LETTERS = 0x100;

/** @param {string} letter */
const lookOfLetter = (letter) => {
  const at = FIRST_LETTERS.indexOf(letter);
  return at >= 0 ? at : letter.charCodeAt(0) - LATER_LETTERS + FIRST_LETTERS.length;
};

/** @type {WeakMap<PageStep, Uint16Array>} */
const decoded = new WeakMap();

/**
 * The look of every cell, row by row.
 * @param {PageStep} step
 */
export const looksOf = (step) => {
  const known = decoded.get(step) ?? decode(step);
  decoded.set(step, known);
  return known;
};

/** @param {PageStep} step */
const decode = ({ cells, rowCells, rows, columns, hasSelves }) => {
  const width = columns.length;
  const kinds = cells.map((runs) => decodeRow(runs, width));
  const looks = new Uint16Array(rows.length * width);
  for (const [row, kind] of rowCells.entries()) looks.set(kinds[kind] ?? [], row * width);
  if (!hasSelves) return looks;
  const rowOf = new Map(rows.map((end, row) => [end, row]));
  for (const [column, [end]] of columns.entries()) {
    const row = rowOf.get(end);
    if (row !== undefined) looks[row * width + column] = SELF_LOOK;
  }
  return looks;
};

/**
 * @param {string} runs
 * @param {number} width
 */
const decodeRow = (runs, width) => {
  const row = new Uint16Array(width);
  let at = 0;
  for (const [, letter = '', count] of runs.matchAll(/(\D)(\d*)/g)) {
    const length = Number(count || 1);
    row.fill(lookOfLetter(letter), at, at + length);
    at += length;
  }
  return row;
};

/**
 * A cell's ends and port in words.
 * @param {PageStep} step
 * @param {number} position
 */
export const cellName = (step, position) => {
  const { from, to, head } = partsOf(step, position);
  return `${from} → ${to} ${head}`;
};

/**
 * @param {PageStep} step
 * @param {number} position
 */
export const partsOf = ({ ends, rows, columns, heads }, position) => {
  const row = Math.floor(position / columns.length);
  const [end = 0, head = 0] = columns[position % columns.length] ?? [];
  return { from: ends[rows[row] ?? 0] ?? '', to: ends[end] ?? '', head: heads[head] ?? '' };
};

/**
 * @param {PageStep} step
 * @param {number} position
 */
export const lookAt = (step, position) => {
  const look = step.looks[looksOf(step)[position] ?? 0];
  if (!look) throw new RangeError(`no look at ${position}`);
  return look;
};

/**
 * The namespace of an end by its name; empty for a host or a node.
 * @param {string} end
 */
export const namespaceOf = (end) => /^(?:[a-z]+:)?([^/:]+)\//.exec(end)?.[1] ?? '';

/**
 * `1 cell`, `2 cells`
 * @param {number} count
 * @param {string} noun
 */
export const counted = (count, noun) => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
