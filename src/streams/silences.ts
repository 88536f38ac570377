import type { Tick } from './tick.ts';

/** A time in which nothing came back. */
export interface Silence {
  /** The last answer before it; -Infinity if there was none. */
  readonly fromMs: number;
  /** The first request that met it: it began between the two. */
  readonly metMs: number;
  /** The first answer after it; null if none came. */
  readonly toMs: number | null;
}

/** A request that is not answered for so long has met silence. TCP sends a lost segment again after 200 ms. */
export const SILENT_MS = 1_000;
/** So many in a row: fewer are lost datagrams. */
const PROOF = 3;

/** A request whose fate is known at a time, and whether it met silence. */
interface Known {
  readonly tick: Tick;
  readonly isLate: boolean;
}

/** What had come of the requests by a time; those that were not passed on, or wait for an answer, say nothing. */
const knownAt = (ticks: readonly Tick[], nowMs: number): readonly Known[] =>
  ticks.flatMap((tick) => {
    const { passedMs, answeredMs } = tick;
    if (passedMs === null) return [];
    const isLate = (answeredMs ?? nowMs) - passedMs > SILENT_MS;
    return answeredMs !== null || isLate ? { tick, isLate } : [];
  });

/** The silences of a stream by a time, and how many requests were lost without one. */
export const silencesIn = (ticks: readonly Tick[], nowMs: number) => {
  const silences: Silence[] = [];
  let lost = 0;
  for (const run of lateRuns(knownAt(ticks, nowMs))) {
    const first = run[0] as Tick;
    const toMs = nextAnswer(ticks, first);
    if (run.length >= PROOF) silences.push({ fromMs: lastAnswer(ticks, first), metMs: first.sentMs, toMs });
    else if (toMs !== null) lost += run.filter(({ answeredMs }) => answeredMs === null).length;
  }
  return { silences, lost };
};

const lateRuns = (known: readonly Known[]): readonly (readonly Tick[])[] => {
  const runs: Tick[][] = [];
  let wasLate = false;
  for (const { tick, isLate } of known) {
    if (isLate && wasLate) runs.at(-1)?.push(tick);
    else if (isLate) runs.push([tick]);
    wasLate = isLate;
  }
  return runs;
};

const lastAnswer = (ticks: readonly Tick[], before: Tick): number =>
  Math.max(
    ...ticks.flatMap(({ number, answeredMs }) => (number < before.number ? (answeredMs ?? []) : [])),
    Number.NEGATIVE_INFINITY,
  );

const nextAnswer = (ticks: readonly Tick[], from: Tick): number | null => {
  const answers = ticks.flatMap(({ number, answeredMs }) => (number >= from.number ? (answeredMs ?? []) : []));
  return answers.length > 0 ? Math.min(...answers) : null;
};
