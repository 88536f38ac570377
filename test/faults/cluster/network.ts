import type { World } from '../../../src/model/world.ts';
import { decideNaively } from '../../naive/decide.ts';
import type { RawPolicy } from '../../naive/manifest.ts';
import type { KubeObject, Pod } from './objects.ts';
import { NAMESPACES, PODS, POLICIES } from './paths.ts';
import type { Store } from './store.ts';

export type State = 'open' | 'dropped' | 'rejected';

/** One way from a pod, as its tools read it. */
export interface Way {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  readonly state: State;
  /** What a server on TCP answers to any request. */
  readonly answer: string;
  /** What its server on UDP answers when it is asked for its name. */
  readonly hostname: string;
}

/** What is done to the network on purpose. */
export interface Interference {
  /** Says what becomes of a connection that the policies would treat as `state`. */
  readonly way?: (way: { readonly from: Pod; readonly to: Pod; readonly state: State }) => State;
}

const addressesOf = (pod: Pod): readonly string[] => (pod.status?.podIPs ?? []).map(({ ip }) => ip);

const portsOf = (pod: Pod) =>
  pod.spec.containers.flatMap(({ ports = [] }) =>
    ports.map(({ containerPort, protocol = 'TCP', name }) => ({
      number: containerPort,
      protocol: protocol as 'TCP',
      ...(name !== undefined && { name }),
    })),
  );

/** agnhost's porter answers what the variable SERVE_PORT_<port> holds. */
const answerOf = (pod: Pod, port: number): string =>
  pod.spec.containers.flatMap(({ env = [] }) => env).find(({ name }) => name === `SERVE_PORT_${port}`)?.value ?? '-';

const nameOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;

const worldOf = (namespaces: readonly KubeObject[], pods: readonly Pod[]): World => ({
  namespaces: namespaces.map(({ metadata: { name, labels = {} } }) => ({ name, labels })),
  pods: pods.map((pod) => ({
    namespace: pod.metadata.namespace ?? '',
    name: pod.metadata.name,
    labels: pod.metadata.labels ?? {},
    ports: portsOf(pod),
    addresses: addressesOf(pod),
    ...(pod.spec.hostNetwork && { hostNetwork: true }),
  })),
});

/**
 * Every way from every pod, by `namespace/name`: what test/naive, which knows nothing of podreach's model, makes of the
 * policies in the store. A port without a server is refused where the policies let the packet through.
 */
export const waysOf = (store: Store, { way }: Interference): ReadonlyMap<string, readonly Way[]> => {
  const pods = (store.list(PODS) as readonly Pod[]).filter((pod) => addressesOf(pod).length > 0);
  // One that a finalizer keeps is in force, whatever its time of deletion says.
  const policies = store.list(POLICIES) as unknown as readonly RawPolicy[];
  const world = worldOf(store.list(NAMESPACES), pods);
  const stateOf = (from: Pod, to: Pod, { number, protocol }: { number: number; protocol: 'TCP' }): State => {
    const probe = { from: nameOf(from), to: nameOf(to), port: number, protocol };
    const state = decideNaively(policies, world, probe) === 'allow' ? 'open' : 'dropped';
    return way?.({ from, to, state }) ?? state;
  };
  return new Map(
    pods.map((from) => [
      nameOf(from),
      pods.flatMap((to) =>
        portsOf(to).flatMap((port) =>
          addressesOf(to).map((address) => ({
            protocol: port.protocol.toLowerCase(),
            address,
            port: port.number,
            state: stateOf(from, to, port),
            answer: answerOf(to, port.number),
            hostname: to.spec.hostname ?? to.metadata.name,
          })),
        ),
      ),
    ]),
  );
};
