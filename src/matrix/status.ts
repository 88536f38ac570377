import type { Cell, CellStatus, Status } from './judged.ts';

/** What the cells amount to by their statuses, strongest first. */
const STRONGEST_FIRST: readonly (readonly [CellStatus, Status])[] = [
  ['error', 'error'],
  ['unknown', 'error'],
  ['mismatch', 'fail'],
  ['flaky', 'fail'],
  ['unsupported', 'error'],
  ['match', 'pass'],
];

/**
 * The status of one step's cells. An error outranks a mismatch, because the truth is incomplete. Without a single cell
 * that met its expectation (no cells, no expectations), or with one that this host can't open, it is `error`: nothing
 * unproven ever passes.
 */
export const statusOf = (cells: readonly Cell[]): Status => {
  const present = new Set(cells.map(({ status }) => status));
  return STRONGEST_FIRST.find(([status]) => present.has(status))?.[1] ?? 'error';
};

const MILDEST_FIRST: readonly Status[] = ['unjudged', 'pass', 'fail', 'error'];

/** What statuses amount to together, such as those of a scenario's steps; without any it is `error`. */
export const worst = (statuses: readonly Status[]): Status =>
  MILDEST_FIRST.findLast((status) => statuses.includes(status)) ?? 'error';
