import { type Probe, probeKey } from '../scenario/index.ts';
import type { Pace } from './pace.ts';
import { runBatch } from './run-batch.ts';
import type { Readings } from './soundness.ts';
import type { SourcePorts } from './source-ports.ts';
import type { Targets } from './targets.ts';
import { toolsOf } from './tools.ts';

export interface RoundOptions {
  readonly timeoutMs: number;
  /** The probes of Services that have to reach each backend. */
  readonly sure: ReadonlySet<Probe>;
  readonly pace: Pace;
  readonly ports: SourcePorts | undefined;
  readonly signal: AbortSignal | undefined;
}

/** With more at once in one pod, the exec's own output is late. */
const MAX_PROBES_PER_EXEC = 40;

/** One attempt at each probe: one exec per source, started one after another as the pace allows. */
export const attemptAll = async (
  targets: Pick<Targets, 'endpoints' | 'source'>,
  probes: readonly Probe[],
  { timeoutMs, sure, pace, ports, signal }: RoundOptions,
): Promise<Readings> => {
  const { endpoints } = targets;
  const batches = batchesOf(probes).map(async (batch) => {
    const tools = batch.probes.flatMap((one) => toolsOf(one, endpoints.get(one.to), { surely: sure.has(one) }));
    await pace.turn(tools.length, signal);
    return runBatch(targets.source(batch.from), batch.probes, endpoints, { timeoutMs, sure, ports, signal });
  });
  const seen = (await Promise.all(batches)).flatMap((readings) => [...readings]);
  return new Map(seen.map(([probe, readings]) => [probeKey(probe), readings]));
};

const batchesOf = (probes: readonly Probe[]): readonly { from: string; probes: readonly Probe[] }[] =>
  [...Map.groupBy(probes, ({ from }) => from)].flatMap(([from, own]) =>
    Array.from({ length: Math.ceil(own.length / MAX_PROBES_PER_EXEC) }, (_, index) => ({
      from,
      probes: own.slice(index * MAX_PROBES_PER_EXEC, (index + 1) * MAX_PROBES_PER_EXEC),
    })),
  );
