import { type Probe, probeKey } from '../scenario/index.ts';
import type { Reading } from './classify.ts';
import type { Pace } from './pace.ts';
import { runBatch } from './run-batch.ts';
import type { SourcePorts } from './source-ports.ts';
import type { Targets } from './targets.ts';
import { toolsOf } from './tools.ts';

/** The readings of one round, by `probeKey`. */
export type Readings = ReadonlyMap<string, readonly Reading[]>;

export interface RoundOptions {
  readonly timeoutMs: number;
  /** The probes of Services that have to reach each backend. */
  readonly sure: ReadonlySet<Probe>;
  readonly pace: Pace;
  readonly ports: SourcePorts | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What was seen in one round. */
export interface Seen {
  readonly readings: Readings;
  readonly execs: readonly Exec[];
}

/** The probes of one exec, and when it ran, by this process's clock. */
export interface Exec {
  readonly probes: readonly Probe[];
  readonly startMs: number;
  readonly endMs: number;
}

/** An exec costs as much as some 30 tools; with more of them at once in one pod, answers are late. */
const MAX_PROBES_PER_EXEC = 80;

/** One attempt at each probe: one exec per source, each started as the pace allows. */
export const attemptAll = async (
  targets: Pick<Targets, 'endpoints' | 'source'>,
  probes: readonly Probe[],
  { timeoutMs, sure, pace, ports, signal }: RoundOptions,
): Promise<Seen> => {
  const { endpoints } = targets;
  const batches = batchesOf(probes).map(async ({ from, probes }) => {
    const tools = probes.flatMap((one) => toolsOf(one, endpoints.get(one.to), { surely: sure.has(one) }));
    const flight = await pace.turn(tools.length, signal);
    const startMs = performance.now();
    const options = { timeoutMs, sure, ports, onEnds: flight.landed, signal };
    const readings = await runBatch(targets.source(from), probes, endpoints, options).finally(flight.end);
    return { readings, exec: { probes, startMs, endMs: performance.now() } };
  });
  const done = await Promise.all(batches);
  const readings = done.flatMap((one) => [...one.readings]);
  return {
    readings: new Map(readings.map(([probe, own]) => [probeKey(probe), own])),
    execs: done.map(({ exec }) => exec),
  };
};

const batchesOf = (probes: readonly Probe[]): readonly { from: string; probes: readonly Probe[] }[] =>
  [...Map.groupBy(probes, ({ from }) => from)].flatMap(([from, own]) =>
    Array.from({ length: Math.ceil(own.length / MAX_PROBES_PER_EXEC) }, (_, index) => ({
      from,
      probes: own.slice(index * MAX_PROBES_PER_EXEC, (index + 1) * MAX_PROBES_PER_EXEC),
    })),
  );
