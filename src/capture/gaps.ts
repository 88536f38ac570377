import { selectsPod } from './backends.ts';
import type { ClusterPod } from './cluster-state.ts';
import type { Condensed } from './condense.ts';
import type { Reading } from './read-cluster.ts';
import type { Role } from './stand-ins.ts';

/** Something of the cluster that the scenario does not show. */
export type Gap =
  | {
      /** Pods without a stand-in, because there was no room for one; `role` says what it would have shown. */
      readonly kind: 'no-room';
      readonly role: Role;
      readonly pods: readonly ClusterPod[];
    }
  /** Pods whose addresses matter to an ipBlock, and that can't be pinned to one. */
  | { readonly kind: 'unpinned'; readonly pods: readonly ClusterPod[] }
  | { readonly kind: 'services'; readonly reason: ServiceReason; readonly names: readonly string[] }
  | { readonly kind: 'not-running'; readonly count: number }
  | { readonly kind: 'empty-namespaces'; readonly names: readonly string[] }
  | { readonly kind: 'outside'; readonly names: readonly string[] | null }
  | { readonly kind: 'other-policies'; readonly names: readonly string[] }
  | { readonly kind: 'other-policies-unchecked'; readonly resources: readonly string[] | null }
  /** Pods with an address of each family are captured with the first one alone. */
  | { readonly kind: 'second-family'; readonly count: number };

export type ServiceReason = 'no-selector' | 'no-backend' | 'no-room';

/** Everything that is known to be missing in the scenario, what matters most first. */
export const gapsOf = (reading: Reading, condensed: Condensed): readonly Gap[] => {
  const { otherPolicies, outside, notRunning, unselecting, state } = reading;
  const { namespaces, needed, unpinned, services, serviceClasses } = condensed;
  const written = new Set(namespaces.flatMap(({ pods }) => pods.map(({ standIn }) => standIn)));
  const kept = new Set(services.map(({ serviceClass }) => serviceClass));
  const [led, idle] = [serviceClasses.filter(hasBackend), serviceClasses.filter((one) => !hasBackend(one))];
  const inhabited = new Set(state.pods.map(({ namespace }) => namespace));
  const empty = state.namespaces.filter(({ name }) => !inhabited.has(name)).map(({ name }) => name);
  const idleThere = state.services.filter(
    (service) => empty.includes(service.namespace) && !state.pods.some((pod) => selectsPod(service, pod)),
  );
  const gaps: readonly Gap[] = [
    { kind: 'other-policies', names: otherPolicies.found },
    ...needed
      .filter((standIn) => !written.has(standIn))
      .map(({ role, pods }): Gap => ({ kind: 'no-room', role, pods })),
    { kind: 'unpinned', pods: [...unpinned].map(({ sample }) => sample) },
    { kind: 'services', reason: 'no-room', names: namesOf(led.filter((one) => !kept.has(one)).flatMap(servicesOf)) },
    { kind: 'services', reason: 'no-selector', names: unselecting },
    { kind: 'services', reason: 'no-backend', names: namesOf([...idle.flatMap(servicesOf), ...idleThere]) },
    { kind: 'outside', names: outside },
    { kind: 'other-policies-unchecked', resources: otherPolicies.unchecked },
    { kind: 'empty-namespaces', names: empty },
    { kind: 'not-running', count: notRunning },
    { kind: 'second-family', count: state.pods.filter(({ addresses }) => addresses.length > 1).length },
  ];
  return gaps.filter(isReal);
};

const hasBackend = ({ backends }: Condensed['serviceClasses'][number]): boolean => backends.size > 0;

const servicesOf = ({ services }: Condensed['serviceClasses'][number]) => services;

const namesOf = (services: Condensed['serviceClasses'][number]['services']): readonly string[] =>
  services.map(({ namespace, name }) => `${namespace}/${name}`);

const isReal = (gap: Gap): boolean => {
  switch (gap.kind) {
    case 'no-room':
      return true;
    case 'unpinned':
      return gap.pods.length > 0;
    case 'not-running':
    case 'second-family':
      return gap.count > 0;
    case 'other-policies-unchecked':
      return gap.resources === null || gap.resources.length > 0;
    default:
      return gap.names === null || gap.names.length > 0;
  }
};
