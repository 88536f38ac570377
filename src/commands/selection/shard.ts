import type { Shard } from '../../matrix/index.ts';
import type { Scenario } from '../../scenario/index.ts';

/**
 * The scenarios of a shard, in their order: every n-th or, if times of an earlier run are known, so that all shards take about
 * equally long. The same scenarios and times give the same shards on every machine.
 */
export const shardOf = (
  scenarios: readonly Scenario[],
  { index, count }: Shard,
  tookMs: (scenario: Scenario) => number | undefined = () => undefined,
): Scenario[] => {
  const times = scenarios.map(tookMs);
  const known = times.filter((time) => time !== undefined);
  const usual = known.length > 0 ? known.reduce((sum, time) => sum + time, 0) / known.length : 1;
  const longestFirst = scenarios
    .map((scenario, place) => ({ scenario, timeMs: times[place] ?? usual }))
    .toSorted((one, other) => other.timeMs - one.timeMs);
  // More shards than scenarios stay empty.
  const loads = Array.from({ length: Math.min(count, scenarios.length) }, () => 0);
  const own = new Set<Scenario>();
  for (const { scenario, timeMs } of longestFirst) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least] = (loads[least] ?? 0) + timeMs;
    if (least === index - 1) own.add(scenario);
  }
  return scenarios.filter((scenario) => own.has(scenario));
};
