import { endName, NAME_LABEL, type NetworkPolicy, peersOf, rulesOf, selects } from '../model/index.ts';
import type { Port, ReadPolicy } from '../scenario/index.ts';
import { pin } from './addresses.ts';
import { chooseStandIns } from './choose.ts';
import { kindsOf, type NamespaceKind } from './classes.ts';
import type { ClusterState } from './cluster-state.ts';
import { podNames } from './names.ts';
import { createPortKey, portsFor } from './ports.ts';
import { type KeptService, keepServices, type ServiceClass, serviceClassesOf, stillRight } from './services.ts';
import { type StandIn, standInsFor } from './stand-ins.ts';

type Labels = Readonly<Record<string, string>>;

/** A pod of the scenario as it is written there. */
export interface WrittenPod {
  readonly standIn: StandIn;
  readonly endpoint: string;
  readonly name: string;
  /** Those that a selector of a policy or a Service names. */
  readonly labels: Labels;
  readonly ports: readonly Port[];
  readonly address?: string;
}

export interface WrittenNamespace {
  readonly name: string;
  readonly kind: NamespaceKind;
  readonly labels: Labels;
  readonly pods: readonly WrittenPod[];
}

/** A cluster as a scenario: few pods that show all that policies do between its many. */
export interface Condensed {
  readonly namespaces: readonly WrittenNamespace[];
  readonly services: readonly KeptService[];
  readonly policies: readonly ReadPolicy[];
  readonly kinds: readonly NamespaceKind[];
  readonly serviceClasses: readonly ServiceClass[];
  /** What would show everything; those of the scenario are among them. */
  readonly needed: readonly StandIn[];
  /** Whether the addresses of its pods are those of the cluster, which podreach's own cluster does not have. */
  readonly hasOwnAddresses: boolean;
  /** The pods that an ipBlock tells apart, and that can't be pinned because they are in their node's network. */
  readonly unpinned: ReadonlySet<StandIn>;
}

/** @param most How many pods the scenario may have. */
export const condense = (state: ClusterState, most: number): Condensed => {
  const policies = state.policies.map(({ spec }) => spec);
  const kinds = kindsOf(state);
  const serviceClasses = serviceClassesOf(kinds, state.services, createPortKey(policies));
  const plain = kinds.flatMap(standInsFor);
  const { kept, added } = keepServices(serviceClasses, plain);
  const needed = [...plain, ...added];
  const standIns = chooseStandIns(needed, most);
  const services = stillRight(kept, standIns);
  const pinning = pin(standIns, policies);
  const writtenPods = writePods(standIns, { policies, services, addresses: pinning.addresses });
  const namespaceKeys = new Set(policies.flatMap(namespaceKeysIn));
  const namespaces = [...Map.groupBy(writtenPods, ({ standIn }) => standIn.namespace)].map(
    ([namespace, pods]): WrittenNamespace => ({
      name: namespace.name,
      kind: (pods[0] as WrittenPod).standIn.kind,
      labels: only(namespace.labels, namespaceKeys),
      pods,
    }),
  );
  return {
    namespaces,
    services,
    policies: namespaces.flatMap((namespace) => policiesFor(namespace, state.policies)),
    ...{ kinds, serviceClasses, needed, unpinned: pinning.unpinned, hasOwnAddresses: pinning.areOwn },
  };
};

/** In a second namespace those that select one of its few pods; in a first one all, because they may be what is wrong. */
const policiesFor = ({ name, pods }: WrittenNamespace, policies: readonly ReadPolicy[]): readonly ReadPolicy[] => {
  const own = policies.filter((policy) => policy.namespace === name);
  return pods.every(({ standIn }) => standIn.role === 'elsewhere')
    ? own.filter(({ spec }) => pods.some(({ labels }) => selects(spec.pods, labels)))
    : own;
};

const writePods = (
  standIns: readonly StandIn[],
  {
    policies,
    services,
    addresses,
  }: {
    readonly policies: readonly NetworkPolicy[];
    readonly services: readonly KeptService[];
    readonly addresses: ReadonlyMap<StandIn, string>;
  },
): readonly WrittenPod[] => {
  const portKey = createPortKey(policies);
  const names = podNames(standIns);
  const keys = new Set([
    ...policies.flatMap(podKeysIn),
    ...services.flatMap(({ service }) => Object.keys(service.selector)),
  ]);
  return standIns.map((standIn): WrittenPod => {
    const { sample, pods, namespace } = standIn;
    const name = names.get(standIn) ?? '';
    const address = addresses.get(standIn);
    return {
      standIn,
      name,
      endpoint: endName({ kind: 'pod', namespace: namespace.name, name }),
      labels: only(sample.labels, keys),
      ports: portsFor(sample, pods, portKey),
      ...(address !== undefined && { address }),
    };
  });
};

const only = (labels: Labels, keys: ReadonlySet<string>): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => keys.has(key)));

const podKeysIn = (policy: NetworkPolicy): readonly string[] =>
  [
    policy.pods,
    ...rulesOf(policy)
      .flatMap(peersOf)
      .flatMap((peer) => (peer.kind === 'pods' ? [peer.pods] : [])),
  ].flatMap(({ requirements }) => requirements.map(({ key }) => key));

/** The name needs no label: Kubernetes sets it. */
const namespaceKeysIn = (policy: NetworkPolicy): readonly string[] =>
  rulesOf(policy)
    .flatMap(peersOf)
    .flatMap((peer) => (peer.kind === 'pods' ? (peer.namespaces?.requirements ?? []) : []))
    .flatMap(({ key }) => (key === NAME_LABEL ? [] : [key]));
