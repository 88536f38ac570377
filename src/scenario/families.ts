import { KUBELET } from '../model/index.ts';
import type { ExpectedProbe, Family, Probe, Topology } from './scenario.ts';
import { eachProbeOf, endsOf, familyOf, probeKey } from './topology.ts';

/**
 * The probes in a cluster with these IP families: unchanged if there is one, otherwise one for every family that both
 * ends can have.
 */
export const probesIn = (topology: Topology, families: readonly Family[]): readonly Probe[] => [
  ...eachProbeIn(topology, families),
];

/** The same one by one, because a large matrix is more than should be held twice. */
export const eachProbeIn = (topology: Topology, families: readonly Family[]): Iterable<Probe> => {
  if (families.length < 2) return eachProbeOf(topology);
  const single = new Map(
    topology.hosts.map(({ endpoint, addresses }) => [endpoint, new Set(addresses.map((text) => familyOf(text)))]),
  );
  return eachProbeOf(topology).flatMap((probe) =>
    families
      .filter((family) => [probe.from, probe.to].every((end) => single.get(end)?.has(family) ?? true))
      // The kubelet probes one address only.
      .slice(0, probe.from === KUBELET ? 1 : families.length)
      .map((family) => ({ ...probe, family })),
  );
};

/**
 * The expectations that belong to `probesIn`: one for each probe in a cluster with these families, and none for a
 * family that the cluster lacks.
 */
export const expectedIn = (
  expected: readonly ExpectedProbe[],
  probes: Iterable<Probe>,
  families: readonly Family[],
): readonly ExpectedProbe[] => {
  const [only, second] = families;
  if (second === undefined)
    return expected.filter(({ family }) => family === undefined || family === only).map(withoutFamily);
  const probed = new Set(Iterator.from(probes).map(probeKey));
  return expected.flatMap((one) =>
    one.family === undefined
      ? families.map((family) => ({ ...one, family })).filter((each) => probed.has(probeKey(each)))
      : [one].filter((each) => probed.has(probeKey(each))),
  );
};

const withoutFamily = (expected: ExpectedProbe): ExpectedProbe => {
  if (expected.family === undefined) return expected;
  const { family: _family, ...rest } = expected;
  return rest;
};

/** The families that a scenario refers to, in an address or in its expectation. */
export const familiesNamed = (topology: Topology, expected: readonly ExpectedProbe[]): ReadonlySet<Family> => {
  const addresses = endsOf(topology).flatMap((end) => ('addresses' in end ? end.addresses : []) ?? []);
  const named = new Set(addresses.map(familyOf));
  for (const { family } of expected) named.add(family);
  return new Set([...named].filter((one) => one !== undefined));
};
