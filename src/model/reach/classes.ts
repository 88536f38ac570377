import type { Address, AddressRange, Family } from '../address.ts';
import type { Model } from '../decide.ts';
import type { Endpoint } from '../endpoint.ts';
import type { NetworkPolicy, Peer, Rule, Selector } from '../policy.ts';
import { peersOf, portsOf, rulesOf } from '../rules.ts';
import type { Labels } from '../world.ts';

/** Endpoints that no policy can tell apart. */
export interface EndpointClass {
  readonly id: number;
  /** One of them, as a sample: policies treat all of them alike. */
  readonly sample: Endpoint;
  readonly members: readonly Endpoint[];
}

/**
 * Groups a model's endpoints by everything that the selectors, names and ranges of its policies can see. Namespaces
 * with a policy stay separate. The ids are positions.
 */
export const classesOf = (model: Model): readonly EndpointClass[] => {
  const classes = known.get(model) ?? split([[...model.endpoints.values()]], model.policies);
  known.set(model, classes);
  return classes;
};

const known = new WeakMap<Model, readonly EndpointClass[]>();

/** Splits classes further by what other policies can see. */
export const refine = (
  classes: readonly EndpointClass[],
  policies: readonly NetworkPolicy[],
): readonly EndpointClass[] =>
  split(
    classes.map(({ members }) => members),
    policies,
  );

const split = (
  groups: readonly (readonly Endpoint[])[],
  policies: readonly NetworkPolicy[],
): readonly EndpointClass[] => {
  const keyOf = keyFor(policies);
  const parts = groups.flatMap((group) => [...Map.groupBy(group, keyOf).values()]);
  return parts.map((members, id) => ({ id, sample: members[0] as Endpoint, members }));
};

/** Everything that can be seen of an endpoint, as text that is equal for endpoints that look the same. */
const keyFor = (policies: readonly NetworkPolicy[]): ((endpoint: Endpoint) => string) => {
  const rules = policies.flatMap(rulesOf);
  const peers = rules.flatMap(peersOf);
  const seenOfPods = viewOf([...policies.map(({ pods }) => pods), ...peers.flatMap(podSelectors)]);
  const seenOfNamespaces = viewOf(peers.flatMap(namespaceSelectors));
  const places = placesFor(peers.flatMap(rangesOf));
  const portNames = new Set(rules.flatMap(namesOf));
  const withPolicies = new Set(policies.map(({ namespace }) => namespace));

  const namespaceKeys = new Map<Endpoint['namespace'], string>();
  const namespaceKey = (namespace: NonNullable<Endpoint['namespace']>): string => {
    const known = namespaceKeys.get(namespace);
    if (known !== undefined) return known;
    const own = withPolicies.has(namespace.name) ? namespace.name : '';
    const key = `${own}|${seenOfNamespaces(namespace.labels)}`;
    namespaceKeys.set(namespace, key);
    return key;
  };

  // Most pods share their list of ports with others.
  const portKeys = new Map<Endpoint['ports'], string>();
  const portsKey = (ports: Endpoint['ports']): string => {
    const known = portKeys.get(ports);
    if (known !== undefined) return known;
    const named = ports.filter(({ name }) => name !== undefined && portNames.has(name));
    const key = named.map(({ name, number, protocol }) => `${name} ${number}/${protocol}`).join();
    portKeys.set(ports, key);
    return key;
  };

  return ({ namespace, labels, ports, addresses, families, hostNetwork }) => {
    return [
      namespace ? namespaceKey(namespace) : 'host',
      seenOfPods(labels),
      portsKey(ports),
      addresses ? addresses.map(places).join() : families.join(),
      hostNetwork,
    ].join('|');
  };
};

const podSelectors = (peer: Peer): readonly Selector[] => (peer.kind === 'pods' ? [peer.pods] : []);
const namespaceSelectors = (peer: Peer): readonly Selector[] =>
  peer.kind === 'pods' && peer.namespaces ? [peer.namespaces] : [];
const rangesOf = (peer: Peer): readonly AddressRange[] => (peer.kind === 'block' ? [peer.cidr, ...peer.except] : []);
const namesOf = (rule: Rule): readonly string[] => portsOf(rule).flatMap((port) => ('name' in port ? port.name : []));

/** What selectors can see of labels: the keys that they name, and for values only whether they name them. */
const viewOf = (selectors: readonly Selector[]): ((labels: Labels) => string) => {
  const valuesOf = new Map<string, Set<string>>();
  for (const { requirements } of selectors)
    for (const { key, values } of requirements) {
      const own = valuesOf.get(key) ?? new Set();
      valuesOf.set(key, own);
      for (const value of values) own.add(value);
    }
  return (labels) => {
    const seen: string[] = [];
    for (const key in labels) {
      const values = valuesOf.get(key);
      // No label contains an asterisk.
      if (values) seen.push(`${key}=${values.has(labels[key] as string) ? labels[key] : '*'}`);
    }
    return seen.sort().join();
  };
};

/** Numbers the stretches between the ends of ranges: addresses of one stretch lie in the same ranges. */
const placesFor = (ranges: readonly AddressRange[]): ((address: Address) => string) => {
  const ends = (family: Family): readonly bigint[] => {
    const own = ranges.filter((range) => range.family === family);
    return [...new Set(own.flatMap(({ first, last }) => [first, last + 1n]))].sort((a, b) => (a < b ? -1 : 1));
  };
  const endsOf = { IPv4: ends('IPv4'), IPv6: ends('IPv6') };
  return ({ family, value }) => `${family} ${countUpTo(endsOf[family], value)}`;
};

/** How many of the sorted values are less than or equal to a value. */
const countUpTo = (sorted: readonly bigint[], value: bigint): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as bigint) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
};
