/** @import {PageStep} from '../page-data.ts' */
import { looksOf, namespaceOf } from './data.js';

/**
 * @typedef {object} Filter
 * @property {boolean} grouped Ends that no cell distinguishes share a row and columns.
 * @property {boolean} findingsFirst
 * @property {string} fromNamespace
 * @property {string} toNamespace
 * @property {string} fromText
 * @property {string} toText
 * @property {string} verdict `status:mismatch`, `seen:allowed`, `disagrees`, or nothing
 */

/**
 * @typedef {object} Line A row or a column of the view.
 * @property {number} at Its position in the step.
 * @property {number} end
 * @property {readonly number[]} members The ends that it stands for.
 */

/**
 * @typedef {object} View The part of a matrix that is shown, in its order.
 * @property {readonly Line[]} rows
 * @property {readonly Line[]} columns
 * @property {readonly boolean[]} wanted Whether a look is what was filtered for.
 * @property {boolean} isFiltered
 * @property {(row: number, column: number) => number} positionAt
 */

/** Above this many rows, a matrix is grouped at first. */
const SMALL_ROWS = 12;

/**
 * @param {PageStep} step
 * @returns {Filter}
 */
export const firstFilter = (step) => ({
  grouped: step.groups.length > 0 && step.rows.length > SMALL_ROWS,
  findingsFirst: true,
  fromNamespace: '',
  toNamespace: '',
  fromText: '',
  toText: '',
  verdict: '',
});

/**
 * @param {PageStep} step
 * @param {Filter} filter
 * @returns {View}
 */
export const viewOf = (step, filter) => {
  const looks = looksOf(step);
  const width = step.columns.length;
  const groupOf = new Map(step.groups.flatMap((members) => members.map((end) => [end, members])));
  const wanted = step.looks.map((look) => isWanted(look, filter.verdict));
  /** @param {readonly number[]} ends */
  const linesOf = (ends) =>
    ends.flatMap((end, at) => {
      const members = (filter.grouped && groupOf.get(end)) || [end];
      return members[0] === end ? [{ at, end, members }] : [];
    });
  /** @param {Line} line @param {string} namespace @param {string} text */
  const fits = ({ members }, namespace, text) =>
    members.some((end) => {
      const name = step.ends[end] ?? '';
      return (namespace === '' || namespaceOf(name) === namespace) && name.toLowerCase().includes(text.toLowerCase());
    });
  const named = {
    rows: linesOf(step.rows).filter((line) => fits(line, filter.fromNamespace, filter.fromText)),
    columns: linesOf(step.columns.map(([end]) => end)).filter((line) => fits(line, filter.toNamespace, filter.toText)),
  };
  const positionOf = createPositionOf(step, filter.grouped);
  const counts = countIn(named, looks, positionOf, step, wanted);
  const isFiltered = filter.verdict !== '';
  const kept = {
    rows: named.rows.filter((_, index) => !isFiltered || counts.rowWanted[index]),
    columns: named.columns.filter((_, index) => !isFiltered || counts.columnWanted[index]),
  };
  const rows = filter.findingsFirst ? byRank(kept.rows, (line) => counts.rowRank.get(line.end) ?? 0) : kept.rows;
  const columns = filter.findingsFirst
    ? byRank(kept.columns, (line) => counts.columnRank.get(line.end) ?? 0)
    : kept.columns;
  return {
    ...{ rows, columns, wanted, isFiltered },
    positionAt: (row, column) => {
      const [from, to] = [rows[row], columns[column]];
      return from && to ? positionOf(from, to) : row * width + column;
    },
  };
};

/**
 * Where a group meets itself, its first member is shown against the second.
 * @param {PageStep} step
 * @param {boolean} grouped
 */
const createPositionOf = (step, grouped) => {
  const width = step.columns.length;
  const columnOf = new Map(step.columns.map(([end, head], column) => [`${end} ${head}`, column]));
  /** @param {Line} row @param {Line} column */
  return (row, column) => {
    const second = grouped && row.end === column.end ? column.members[1] : undefined;
    const other = second === undefined ? undefined : columnOf.get(`${second} ${step.columns[column.at]?.[1]}`);
    return row.at * width + (other ?? column.at);
  };
};

/** What is wrong, then what is not known. */
const RANKS = { mismatch: 2, flaky: 2, error: 1, unknown: 1 };

/**
 * @param {{readonly rows: readonly Line[], readonly columns: readonly Line[]}} named
 * @param {Uint16Array} looks
 * @param {(row: Line, column: Line) => number} positionOf
 * @param {PageStep} step
 * @param {readonly boolean[]} wanted
 */
const countIn = ({ rows, columns }, looks, positionOf, step, wanted) => {
  const ranks = step.looks.map(({ status }) => RANKS[/** @type {keyof typeof RANKS} */ (status)] ?? 0);
  const rowWanted = rows.map(() => false);
  const columnWanted = columns.map(() => false);
  /** @type {Map<number, number>} */
  const rowRank = new Map();
  /** @type {Map<number, number>} */
  const columnRank = new Map();
  const columnRanks = new Uint8Array(columns.length);
  for (const [at, row] of rows.entries()) {
    let highest = 0;
    for (let column = 0; column < columns.length; column += 1) {
      const look = looks[positionOf(row, /** @type {Line} */ (columns[column]))] ?? 0;
      const rank = ranks[look] ?? 0;
      if (rank > highest) highest = rank;
      if (rank > (columnRanks[column] ?? 0)) columnRanks[column] = rank;
      if (wanted[look]) {
        rowWanted[at] = true;
        columnWanted[column] = true;
      }
    }
    rowRank.set(row.end, highest);
  }
  // The ports of a destination stay together.
  for (const [at, { end }] of columns.entries())
    columnRank.set(end, Math.max(columnRank.get(end) ?? 0, columnRanks[at] ?? 0));
  return { rowWanted, columnWanted, rowRank, columnRank };
};

/**
 * @param {readonly Line[]} lines
 * @param {(line: Line) => number} rankOf
 */
const byRank = (lines, rankOf) => lines.toSorted((one, other) => rankOf(other) - rankOf(one));

/**
 * @param {PageStep['looks'][number]} look
 * @param {string} verdict
 */
const isWanted = (look, verdict) => {
  if (verdict === '') return true;
  const [key, value] = verdict.split(':');
  if (key === 'disagrees') return look.disagrees;
  return (key === 'status' ? look.status : look.seen) === value;
};

/**
 * Where a cell is in the view, or undefined.
 * @param {PageStep} step
 * @param {View} view
 * @param {number} position
 */
export const findIn = (step, { rows, columns, positionAt }, position) => {
  const width = step.columns.length;
  const [from, column] = [step.rows[Math.floor(position / width)], step.columns[position % width]];
  if (from === undefined || column === undefined) return undefined;
  const row = rows.findIndex(({ members }) => members.includes(from));
  const at = columns.findIndex((one) => one.members.includes(column[0]) && step.columns[one.at]?.[1] === column[1]);
  return row < 0 || at < 0 ? undefined : { row, column: at, isExact: positionAt(row, at) === position };
};
