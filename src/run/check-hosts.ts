import { type ConfigChoice, clusterRanges, rangeAround, readConfig } from '../cluster/index.ts';
import { PodreachError } from '../errors.ts';
import type { Scenario } from '../scenario/index.ts';

/**
 * Refuses hosts outside the cluster that have an address of the cluster: packets to it would never leave. Throws a
 * PodreachError with a line for each.
 */
export const checkHosts = async (scenarios: readonly Scenario[], choice: ConfigChoice): Promise<void> => {
  const hosts = scenarios.flatMap(({ file, steps }) =>
    steps.flatMap(({ topology }) => topology.hosts.map((host) => ({ file, ...host }))),
  );
  if (hosts.length === 0) return;
  const ranges = await clusterRanges(await readConfig(choice));
  const lines = hosts.flatMap(({ file, endpoint, addresses }) =>
    addresses.flatMap((address) => {
      const around = rangeAround(address, ranges);
      return around
        ? [`${file}: ${endpoint} has ${address}, but the cluster uses ${around.range.text} for ${around.what}`]
        : [];
    }),
  );
  if (lines.length > 0)
    throw new PodreachError([...new Set(lines)].join('\n'), {
      hint: 'a host outside the cluster needs an address outside these ranges',
    });
};
