/** What is kept of one step of a run. */
import type { Cell, Status, StepResult } from '../matrix/index.ts';
import type { Verdict } from '../probe/index.ts';
import { type RecordedCell, rankedAt } from '../record/index.ts';
import type { Probe } from '../scenario/index.ts';

/** Where a column of cells leads; the family only if there are several. */
export type Destination = readonly [to: string, port: number, protocol: Probe['protocol'], family?: Probe['family']];

/** What was seen of a cell, in one character. */
export type Mark = '.' | 'X' | 'R' | '?' | '-' | '~';

export const MARKS: Readonly<Record<Verdict | 'flaky', Mark>> = {
  allowed: '.',
  dropped: 'X',
  rejected: 'R',
  error: '?',
  unsupported: '-',
  flaky: '~',
};

/** The times to enforce of the cells that a step opened, or of those that it closed. */
export interface Times {
  readonly cells: number;
  readonly minMs: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

export interface Entry {
  /** When the run ended, as an ISO 8601 text in UTC. */
  readonly at: string;
  readonly scenario: string;
  readonly file: string;
  readonly step: string;
  readonly status: Status;
  readonly to: readonly Destination[];
  /** For each source a mark per destination; a space where nothing was probed. */
  readonly rows: readonly (readonly [from: string, marks: string])[];
  /** Absent if nothing was recorded. */
  readonly opened?: Times;
  readonly closed?: Times;
}

/** What is kept of a step: no pods to themselves, no detail, no expectation. */
export const entryOf = (
  { name: step, status, cells, recording }: Pick<StepResult, 'name' | 'status' | 'cells' | 'recording'>,
  head: Pick<Entry, 'at' | 'scenario' | 'file'>,
): Entry => {
  const others = cells.filter((cell) => cell.status !== 'self' && cell.observed !== null);
  const to = new Map(others.map((cell) => [keyOf(cell), destinationOf(cell)]));
  const columns = new Map([...to.keys()].map((key, at) => [key, at]));
  const rows = [...Map.groupBy(others, ({ from }) => from)].map(([from, own]) => {
    const marks = Array<string>(to.size).fill(' ');
    for (const cell of own) marks[columns.get(keyOf(cell)) as number] = markOf(cell);
    return [from, marks.join('')] as const;
  });
  const timesOf = (direction: RecordedCell['direction']): Times | undefined =>
    timesIn((recording?.cells ?? []).filter((cell) => cell.direction === direction));
  const [opened, closed] = [timesOf('opened'), timesOf('closed')];
  return { ...head, step, status, to: [...to.values()], rows, ...(opened && { opened }), ...(closed && { closed }) };
};

const destinationOf = ({ to, port, protocol, family }: Probe): Destination =>
  family === undefined ? [to, port, protocol] : [to, port, protocol, family];

const keyOf = (probe: Probe): string => JSON.stringify(destinationOf(probe));

const markOf = ({ status, observed, observation }: Cell): Mark =>
  MARKS[status === 'flaky' || observation?.flaky ? 'flaky' : (observed ?? 'error')];

const timesIn = (cells: readonly RecordedCell[]): Times | undefined => {
  const times = cells.flatMap(({ enforcedMs }) => enforcedMs ?? []).toSorted((one, other) => one - other);
  if (times.length === 0) return undefined;
  const at = (part: number): number => rankedAt(times, part) as number;
  return { cells: times.length, minMs: at(0), medianMs: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
};
