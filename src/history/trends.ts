/** What the entries of many runs say together. */
import type { Status } from '../matrix/index.ts';
import type { Probe } from '../scenario/index.ts';
import type { Entry, Mark, Times } from './entry.ts';

/** One cell over the runs of its step. */
export interface CellTrend extends Probe {
  /** A mark for each run; a space where it was not probed. */
  readonly marks: string;
  /** What was seen last. */
  readonly now: Mark;
  /** The first run since which it is so, and the last before, if any saw something else. */
  readonly since: string;
  readonly before: string | null;
  /** How often a run saw another verdict than the one before; runs that saw none don't count. */
  readonly changes: number;
  /** It went and came back, or was flaky in a run. */
  readonly flaps: boolean;
}

/** One step of a scenario over the runs. */
export interface StepTrend {
  readonly scenario: string;
  readonly file: string;
  readonly step: string;
  /** The oldest first. */
  readonly runs: readonly {
    readonly at: string;
    readonly status: Status;
    readonly opened?: Times;
    readonly closed?: Times;
  }[];
  /** Those that flap first, then those that changed last, then all others in the order of the matrix. */
  readonly cells: readonly CellTrend[];
}

/** The steps in the order of their latest runs, the oldest of them first; entries may come in any order. */
export const trendsOf = (entries: readonly Entry[]): readonly StepTrend[] => {
  const sorted = entries.toSorted((one, other) => compareTexts(one.at, other.at));
  const groups = Map.groupBy(sorted, ({ file, scenario, step }) => JSON.stringify([file, scenario, step]));
  return [...groups.values()].map(stepTrend);
};

const stepTrend = (entries: readonly Entry[]): StepTrend => {
  const { scenario, file, step } = entries[0] as Entry;
  const runs = entries.map(({ at, status, opened, closed }) => ({
    ...{ at, status },
    ...(opened && { opened }),
    ...(closed && { closed }),
  }));
  const times = entries.map(({ at }) => at);
  const cells = seriesOf(entries).flatMap(({ probe, marks }) => cellTrend(probe, marks, times) ?? []);
  return { scenario, file, step, runs, cells: cells.toSorted(byInterest) };
};

interface Series {
  readonly probe: Probe;
  marks: string;
}

/** The marks of each cell. The latest run's cells come first, in its order. */
const seriesOf = (entries: readonly Entry[]): readonly Series[] => {
  const all = new Map<string, Series>();
  for (const entry of [...entries.slice(-1), ...entries]) {
    for (const [from] of entry.rows)
      for (const [to, port, protocol, family] of entry.to) {
        const key = JSON.stringify([from, to, port, protocol, family]);
        if (all.has(key)) continue;
        all.set(key, { probe: { from, to, port, protocol, ...(family && { family }) }, marks: '' });
      }
  }
  entries.forEach(({ to, rows }, run) => {
    for (const [from, marks] of rows)
      to.forEach(([end, port, protocol, family], at) => {
        const series = all.get(JSON.stringify([from, end, port, protocol, family]));
        if (series) series.marks = series.marks.padEnd(run) + marks.charAt(at);
      });
  });
  for (const series of all.values()) series.marks = series.marks.padEnd(entries.length);
  return [...all.values()];
};

const cellTrend = (probe: Probe, marks: string, times: readonly string[]): CellTrend | undefined => {
  const seen = [...marks].flatMap((mark, at) =>
    mark === ' ' ? [] : [{ mark: mark as Mark, at: times[at] as string }],
  );
  const now = seen.at(-1)?.mark;
  if (now === undefined) return undefined;
  const last = seen.findLastIndex(({ mark }) => mark !== now);
  const verdicts = seen.filter(({ mark }) => VERDICTS.has(mark));
  const changes = verdicts.filter(({ mark }, at) => at > 0 && mark !== verdicts[at - 1]?.mark).length;
  const flaps = changes > 1 || marks.includes('~');
  return { ...probe, marks, now, since: seen[last + 1]?.at as string, before: seen[last]?.at ?? null, changes, flaps };
};

/** Others say that nothing is known. */
const VERDICTS: ReadonlySet<Mark> = new Set(['.', 'X', 'R']);

const byInterest = (one: CellTrend, other: CellTrend): number =>
  Number(other.flaps) - Number(one.flaps) ||
  Number(isEventful(other)) - Number(isEventful(one)) ||
  (isEventful(one) ? compareTexts(other.since, one.since) : 0);

/** Whether it was not the same in all runs that probed it, or nothing is known of it now. */
export const isEventful = ({ before, now }: CellTrend): boolean => before !== null || !VERDICTS.has(now);

const compareTexts = (one: string, other: string): number => Number(one > other) - Number(one < other);
