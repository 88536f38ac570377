import { type Probe, probeKey } from '../scenario/index.ts';
import { type Cell, isSure } from './cell.ts';
import type { Reading } from './classify.ts';
import { combine } from './combine.ts';
import type { Exec, Readings, Seen } from './round.ts';
import { isAllowed, isBlocked, isMixed, telling } from './telling.ts';

/** What the readings of one round are worth. */
export interface Soundness {
  /** With more time the round might have seen more: the machine was busy, a tool was starved, or a Service was. */
  readonly hurried: boolean;
  /** What counts of a cell's readings: errors stand in place of those that prove nothing. */
  soundOf(cell: Cell): readonly Reading[];
}

/**
 * Answers usually take milliseconds. One that took this fraction of the timeout shows a machine too busy to see others.
 */
const BUSY_PART = 0.6;

/** Judges a round by its own readings, and never by what is expected. */
export const soundnessOf = (cells: readonly Cell[], { readings, execs }: Seen, timeoutMs: number): Soundness => {
  const readingsOf = (probe: Probe): readonly Reading[] => readings.get(probeKey(probe)) ?? [];
  const slowestBeside = slowestBesideOf(execs, timelyOf(cells, readings));
  const busyMsOf = ({ probe }: Cell): number | undefined => {
    const slowestMs = slowestBeside.get(probeKey(probe)) ?? 0;
    return slowestMs > timeoutMs * BUSY_PART ? slowestMs : undefined;
  };
  const isUnexplained = ({ probe, direct }: Cell): boolean =>
    direct.length > 0 && isMixed(readingsOf(probe)) && direct.every((one) => isOpen(readingsOf(one)));
  const isChance = (cell: Cell): boolean =>
    !isSure(cell) && isAlike(readingsOf(cell.probe)) && differ(cell.direct.map(readingsOf));
  const soundOf = (cell: Cell): readonly Reading[] => {
    const own = readingsOf(cell.probe);
    const busyMs = busyMsOf(cell);
    if (isUnexplained(cell)) return withoutBlocked(own);
    if (isChance(cell)) return own.map((one) => doubted(one, `${one.detail}, though its backends differ`));
    return busyMs === undefined ? own : withoutSilence(own, busyMs);
  };
  const isHurried = (cell: Cell): boolean =>
    isUnexplained(cell) ||
    isChance(cell) ||
    (busyMsOf(cell) !== undefined && combine(soundOf(cell), cell.spread).verdict === 'error');
  const isStarved = [...readings.values()].flat().some(({ starved }) => starved);
  return { hurried: isStarved || cells.some(isHurried), soundOf };
};

/** If some connections of a Service are blocked, another backend answered the late ones, at the second SYN. */
const timelyOf = (cells: readonly Cell[], readings: Readings): Readings => {
  const spread = new Set(cells.flatMap((cell) => (cell.spread ? probeKey(cell.probe) : [])));
  return new Map([...readings].filter(([key, own]) => !spread.has(key) || !own.some(isBlocked)));
};

/** How long the slowest answer took of all that came while a probe waited, by `probeKey`. */
const slowestBesideOf = (execs: readonly Exec[], readings: Readings): ReadonlyMap<string, number> => {
  const slowest = execs.map(({ probes }) =>
    slowestAnswerMs(probes.flatMap((one) => readings.get(probeKey(one)) ?? [])),
  );
  const beside = execs.map(({ startMs, endMs }) =>
    execs.reduce((most, other, index) => {
      const isBeside = other.startMs < endMs && startMs < other.endMs;
      return isBeside ? Math.max(most, slowest[index] ?? 0) : most;
    }, 0),
  );
  return new Map(execs.flatMap(({ probes }, index) => probes.map((one) => [probeKey(one), beside[index] ?? 0])));
};

const slowestAnswerMs = (readings: readonly Reading[]): number =>
  readings.filter(isAllowed).reduce((most, { elapsedMs }) => Math.max(most, elapsedMs), 0);

/** Whether all connections of a Service got through, or none did. */
const isAlike = (readings: readonly Reading[]): boolean => {
  const told = telling(readings, true);
  return told.length > 0 && (told.every(isAllowed) || told.every(isBlocked));
};

/** If some backends are open and others are not, connections that all end alike may have reached only one kind. */
const differ = (direct: readonly (readonly Reading[])[]): boolean => {
  const verdicts = direct.map((readings) => combine(readings));
  return verdicts.some(isAllowed) && verdicts.some(isBlocked);
};

const isOpen = (readings: readonly Reading[]): boolean => combine(readings).verdict === 'allowed';

/** If each backend is reached directly, no policy explains why some connections to the Service got no answer. */
const withoutBlocked = (readings: readonly Reading[]): readonly Reading[] =>
  readings.map((reading) =>
    isBlocked(reading) ? doubted(reading, `${reading.detail}, though each backend answers directly`) : reading,
  );

/** On a machine too busy to see the answers that arrive, silence says nothing. */
const withoutSilence = (readings: readonly Reading[], busyMs: number): readonly Reading[] =>
  readings.map((reading) =>
    reading.verdict === 'dropped'
      ? doubted(reading, `${reading.detail}, but the machine was too busy to be sure (an answer took ${busyMs} ms)`)
      : reading,
  );

const doubted = (reading: Reading, detail: string): Reading => ({ ...reading, verdict: 'error', detail });
