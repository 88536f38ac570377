import type { ExpectedProbe, Family, Probe, Step, Topology } from './scenario.ts';
import { type End, eachProbeOf, familyOf, podsOf, probeKey } from './topology.ts';

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
  return eachProbeOf(topology, (from, to) => {
    const shared = families.filter((family) => canHave(from, family) && canHave(to, family));
    // The kubelet probes one address only.
    return from.kind === 'kubelet' ? shared.slice(0, 1) : shared;
  });
};

/** Outside hosts alone have the addresses that are written. */
const canHave = (end: End, family: Family): boolean =>
  end.kind !== 'host' || end.addresses.some((address) => familyOf(address) === family);

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
  if (second === undefined && expected.every(({ family }) => family === undefined)) return expected;
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

/** The families that these steps refer to; IPv4 if none does. */
export const familiesOfSteps = (steps: readonly Pick<Step, 'topology' | 'expected'>[]): readonly Family[] => {
  const named = new Set(
    steps.flatMap(({ topology, expected }) => [...familiesNamed(topology, Array.isArray(expected) ? expected : [])]),
  );
  return named.size > 0 ? [...named].sort() : ['IPv4'];
};

/** The families that a scenario refers to, in an address or in its expectation. */
export const familiesNamed = (topology: Topology, expected: readonly ExpectedProbe[]): ReadonlySet<Family> => {
  const addresses = [...podsOf(topology), ...topology.hosts].flatMap((end) => end.addresses ?? []);
  const named = new Set(addresses.map(familyOf));
  for (const { family } of expected) named.add(family);
  return new Set([...named].filter((one) => one !== undefined));
};
