import { type Probe, probeKey } from '../scenario/index.ts';
import { type Cell, isSure } from './cell.ts';
import type { Reading } from './classify.ts';
import { combine } from './combine.ts';
import { isAllowed, isBlocked, isMixed, telling } from './telling.ts';

/** The readings of one round, by `probeKey`. */
export type Readings = ReadonlyMap<string, readonly Reading[]>;

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
export const soundnessOf = (cells: readonly Cell[], seen: Readings, timeoutMs: number): Soundness => {
  const readingsOf = (probe: Probe): readonly Reading[] => seen.get(probeKey(probe)) ?? [];
  const busyMs = slowestAnswerMs(timelyOf(cells, seen));
  const isBusy = busyMs > timeoutMs * BUSY_PART;
  const isUnexplained = ({ probe, direct }: Cell): boolean =>
    direct.length > 0 && isMixed(readingsOf(probe)) && direct.every((one) => isOpen(readingsOf(one)));
  const isChance = (cell: Cell): boolean =>
    !isSure(cell) && isAlike(readingsOf(cell.probe)) && differ(cell.direct.map(readingsOf));
  const isMisleading = (cell: Cell): boolean => isUnexplained(cell) || isChance(cell);
  return {
    hurried: isBusy || [...seen.values()].flat().some(({ starved }) => starved) || cells.some(isMisleading),
    soundOf: (cell) => {
      const readings = readingsOf(cell.probe);
      if (isUnexplained(cell)) return withoutBlocked(readings);
      if (isChance(cell)) return readings.map((one) => doubted(one, `${one.detail}, though its backends differ`));
      return isBusy ? withoutSilence(readings, busyMs) : readings;
    },
  };
};

/** If some connections of a Service are blocked, another backend answered the late ones, at the second SYN. */
const timelyOf = (cells: readonly Cell[], seen: Readings): readonly Reading[] => {
  const spread = new Set(cells.flatMap((cell) => (cell.spread ? probeKey(cell.probe) : [])));
  return [...seen].flatMap(([key, readings]) => (spread.has(key) && readings.some(isBlocked) ? [] : readings));
};

const slowestAnswerMs = (readings: readonly Reading[]): number =>
  readings.filter(isAllowed).reduce((most, { elapsedMs }) => Math.max(most, elapsedMs), 0);

const isOpen = (readings: readonly Reading[]): boolean => combine(readings).verdict === 'allowed';

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
