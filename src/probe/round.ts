import { type Probe, probeKey } from '../scenario/index.ts';
import type { Reading } from './classify.ts';
import { runBatch } from './run-batch.ts';
import type { SourcePorts } from './source-ports.ts';
import type { Targets } from './targets.ts';
import { toolsOf } from './tools.ts';
import type { Window } from './window.ts';

/** The readings of one round, by `probeKey`. */
export type Readings = ReadonlyMap<string, readonly Reading[]>;

export interface RoundOptions {
  readonly timeoutMs: number;
  /** The probes of Services that have to reach each backend. */
  readonly sure: ReadonlySet<Probe>;
  readonly window: Window;
  readonly ports: SourcePorts | undefined;
  /** Called with the probes of each exec that ended. */
  readonly onExec?: ((probes: readonly Probe[]) => void) | undefined;
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

/** One attempt at each probe: as few execs per source as can carry them, each started as the window has places. */
export const attemptAll = async (
  targets: Pick<Targets, 'endpoints' | 'source'>,
  probes: readonly Probe[],
  { timeoutMs, sure, window, ports, onExec, signal }: RoundOptions,
): Promise<Seen> => {
  const { endpoints } = targets;
  const toolCount = (probe: Probe): number =>
    toolsOf(probe, endpoints.get(probe.to), { surely: sure.has(probe) }).length;
  const batches = batchesOf(probes, toolCount, window.execSize()).map(async ({ from, probes, tools }) => {
    const flight = await window.turn(tools, signal);
    const startMs = performance.now();
    const options = { timeoutMs, sure, ports, onNews: flight.report, signal };
    const readings = await runBatch(targets.source(from), probes, endpoints, options).finally(flight.end);
    onExec?.(probes);
    return { readings, exec: { probes, startMs, endMs: performance.now() } };
  });
  const done = await Promise.all(batches);
  const readings = done.flatMap((one) => [...one.readings]);
  return {
    readings: new Map(readings.map(([probe, own]) => [probeKey(probe), own])),
    execs: done.map(({ exec }) => exec),
  };
};

interface Batch {
  readonly from: string;
  /** How many execs of its source come before it. */
  readonly turn: number;
  readonly probes: Probe[];
  tools: number;
}

/**
 * The probes of each source, divided into execs; a probe that has more tools than an exec should have is alone. All
 * sources have their first turn before one has its second, because two at once would need two shells in one pod.
 */
const batchesOf = (
  probes: readonly Probe[],
  toolCount: (probe: Probe) => number,
  execSize: number,
): readonly Batch[] => {
  const batches: Batch[] = [];
  const open = new Map<string, Batch>();
  for (const probe of probes) {
    const tools = toolCount(probe);
    let batch = open.get(probe.from);
    if (!batch || batch.tools + tools > execSize) {
      batch = { from: probe.from, turn: batch ? batch.turn + 1 : 0, probes: [], tools: 0 };
      open.set(probe.from, batch);
      batches.push(batch);
    }
    batch.probes.push(probe);
    batch.tools += tools;
  }
  return batches.toSorted((one, other) => one.turn - other.turn);
};
