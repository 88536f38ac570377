import {
  backendsDiffer,
  compile,
  type Decision,
  decide,
  type Family,
  isLeftOpen,
  isSticky,
  lookupUnknown,
  type Model,
  reachability,
  type World,
  type WorldDns,
  type WorldNode,
  type WorldPod,
} from '../model/index.ts';
import {
  eachProbeIn,
  familyOf,
  type Node,
  type Probe,
  podsOf,
  type ReadPolicy,
  type Topology,
} from '../scenario/index.ts';
import { worldDns } from './world-dns.ts';

/** The IP addresses of pods and nodes, by endpoint (`prod/web`). */
export type Addresses = ReadonlyMap<string, readonly string[]>;

/** What the model is asked about, with what a run has found out. */
export interface Situation {
  readonly topology: Topology;
  readonly policies: readonly ReadPolicy[];
  /** The cluster's IP families; IPv4 by default. */
  readonly families?: readonly Family[];
  /** A missing pod has the address it is pinned to; without that, the model does not know its address. */
  readonly addresses?: Addresses;
  /** The pods on each node (`node:own`), if known. */
  readonly residents?: ReadonlyMap<string, ReadonlySet<string>>;
  /** The cluster's DNS servers; `worldDns` says what is assumed without them. */
  readonly dns?: WorldDns;
  /** The CIDRs of the cluster's Services; see `World`. */
  readonly serviceRanges?: readonly string[];
}

/** What the model says about one cell. */
export interface Prediction extends Probe {
  readonly decision: Decision;
  /** The specification leaves it undefined: what a CNI does there is neither right nor wrong. */
  readonly leftOpen: boolean;
  /** Set if it is `unknown` because policies allow some of a Service's backends and block others. */
  readonly backendsDiffer?: true;
  /** Set with `backendsDiffer` if the Service sends all connections of a client to one backend. */
  readonly sticky?: true;
  /** Set if it is `unknown` because it is not known whether policies let the name be looked up. */
  readonly lookupUnknown?: true;
}

const DEFAULT: readonly Family[] = ['IPv4'];

/** A topology as the model sees it, in one of the families; by default the first. */
export const worldOf = (
  { topology, families = DEFAULT, addresses = new Map(), residents, dns, serviceRanges }: Omit<Situation, 'policies'>,
  family: Family = families[0] ?? 'IPv4',
): World => {
  const inFamily = (texts: readonly string[]): readonly string[] => texts.filter((text) => familyOf(text) === family);
  const pods = podsOf(topology).map((pod): WorldPod => {
    const { namespace, name, labels, ports, hostNetwork, endpoint } = pod;
    const known = inFamily(addresses.get(endpoint) ?? pod.addresses ?? []);
    return { namespace, name, labels, ports, addresses: known, ...(hostNetwork && { hostNetwork }) };
  });
  const node = ({ endpoint, name, runs: { pod, there } }: Node): WorldNode => {
    const here = residents?.get(endpoint);
    const given = addresses.get(endpoint);
    const [pods, elsewhere] = here
      ? [[...here], podsOf(topology).flatMap((one) => (here.has(one.endpoint) ? [] : one.endpoint))]
      : [there ? [pod] : [], there ? [] : [pod]];
    return { name, pods, elsewhere, ...(given && { addresses: inFamily(given) }) };
  };
  return {
    families: [family],
    dns: worldDns(topology, families, dns),
    ...(serviceRanges && { serviceRanges }),
    namespaces: topology.namespaces.map(({ name, labels }) => ({ name, labels })),
    pods,
    hosts: topology.hosts
      .map((host) => ({ name: host.name, addresses: inFamily(host.addresses) }))
      .filter((host) => host.addresses.length > 0),
    nodes: topology.nodes.map(node),
    services: topology.services.map(
      ({ namespace, name, selector, ports, nodePort, headless, stickySeconds, aliasOf }) => ({
        namespace,
        name,
        selector,
        ports,
        headless,
        ...(nodePort !== null && { externalTrafficPolicy: nodePort }),
        ...(stickySeconds !== undefined && { sticky: true }),
        ...(aliasOf && { podsIn: aliasOf.namespace }),
      }),
    ),
  };
};

/** The policies, ready to decide about a situation in one of its families; by default the first. */
export const modelOf = (situation: Situation, family?: Family): Model =>
  compile(
    worldOf(situation, family),
    situation.policies.map(({ spec }) => spec),
  );

/** A model, and how it decides: for all pods and hosts at once, which is faster than one by one. */
const deciderOf = (situation: Situation, family: Family) => {
  const { topology } = situation;
  const model = modelOf(situation, family);
  const ports = [...podsOf(topology), ...topology.hosts].flatMap((end) => end.ports);
  const { decideProbe } = reachability(model, ports);
  const { endpoints } = model;
  const decideOne = (probe: Probe): Decision =>
    endpoints.has(probe.from) && endpoints.has(probe.to) ? decideProbe(probe) : decide(model, probe);
  return { model, decideOne };
};

/** What the model says about every probe, in their order, row by row. */
export const predict = (situation: Situation): readonly Prediction[] => [...predictEach(situation)];

/** The same one by one, because a large matrix is more than should be held twice. */
export function* predictEach(situation: Situation): Generator<Prediction> {
  const { families = DEFAULT, topology } = situation;
  const deciders = new Map<Family | undefined, ReturnType<typeof deciderOf>>(
    families.map((family) => [family, deciderOf(situation, family)]),
  );
  for (const probe of eachProbeIn(topology, families)) {
    const decider = deciders.get(probe.family ?? families[0]);
    if (!decider) continue;
    const { model, decideOne } = decider;
    const decision = decideOne(probe);
    if (decision !== 'unknown') yield { ...probe, decision, leftOpen: false };
    else yield { ...probe, decision, leftOpen: isLeftOpen(model, probe), ...causeOf(model, probe) };
  }
}

const causeOf = (model: Model, probe: Probe): Pick<Prediction, 'backendsDiffer' | 'sticky' | 'lookupUnknown'> => {
  if (backendsDiffer(model, probe)) return { backendsDiffer: true, ...(isSticky(model, probe) && { sticky: true }) };
  return lookupUnknown(model, probe) ? { lookupUnknown: true } : {};
};
