import { addressesIn, type Client, type KubeObject, type PodObject, pathOf, readyPods } from '../kube/index.ts';
import type { Pod } from '../scenario/index.ts';
import { CONTAINER, type PodEndpoint, type Source } from './endpoint.ts';
import type { ClusterNode } from './nodes.ts';
import { podManifest } from './pod-manifest.ts';

/** One more pod like one of the topology, whose recorder runs from its container's first moment. */
export interface Copy {
  readonly pod: Pod;
  /** Its own name, different from those of all other pods. */
  readonly name: string;
  /** The node's kubernetes.io/hostname label. */
  readonly hostname: string;
  /** The arguments of its recorder. */
  readonly recorder: readonly string[];
}

export interface StartOptions {
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /**
   * Called once for each copy, when the cluster has given it its addresses.
   * @param early The CNI said so before the container started; otherwise the kubelet did, some time after that.
   */
  readonly onAddresses: (copy: Copy, addresses: readonly string[], early: boolean) => void;
}

/** Pods beside those of the topology, with its labels and in its namespaces, for a while. */
export interface Copies {
  /** The nodes on which they may run. */
  readonly hostnames: readonly string[];
  /** Starts copies and resolves with their endpoints, in order, when all are ready. Throws a PodreachError as `deploy` does. */
  start(copies: readonly Copy[], options: StartOptions): Promise<readonly PodEndpoint[]>;
  source(copy: PodEndpoint): Source;
  /** Resolves when their removal is accepted. */
  remove(copies: readonly Copy[]): Promise<void>;
  /** Resolves when all that were removed are gone. */
  untilGone(): Promise<void>;
}

export interface CopiesContext {
  readonly nodes: readonly ClusterNode[];
  readonly image: string;
  readonly signal?: AbortSignal | undefined;
  namespaceOf(name: string): string;
}

const GONE_MS = 60_000;

export const createCopies = (client: Client, { nodes, image, signal, namespaceOf }: CopiesContext): Copies => {
  const byNamespace = (copies: readonly Copy[]) =>
    [...Map.groupBy(copies, ({ pod }) => namespaceOf(pod.namespace))] as const;
  /** The names of those that were removed, by namespace. */
  const removed = new Map<string, readonly string[]>();
  return {
    hostnames: nodes.map(({ hostname }) => hostname),
    start: async (copies, { onAddresses, ...options }) => {
      const known = new Set<Copy>();
      const ready = byNamespace(copies).map(async ([namespace, own]) => {
        const watching = readyPods(
          client,
          namespace,
          own.map(({ name }) => name),
          {
            ...options,
            onChange: (pods) => {
              for (const copy of own) {
                const [addresses, early] = addressesOf(pods.get(copy.name));
                if (known.has(copy) || addresses.length === 0) continue;
                known.add(copy);
                onAddresses(copy, addresses, early);
              }
            },
          },
        );
        const creating = own.map(({ pod, name, hostname, recorder }) => {
          const { labels, ports } = pod;
          const place = { namespace, image, hostname, pinned: true, recorder };
          return client.apply(podManifest({ name, labels, ports }, place), options);
        });
        const [pods] = await Promise.all([watching, ...creating]);
        return own.map((copy) => [copy, endpointOf(copy, namespace, pods.get(copy.name))] as const);
      });
      const endpoints = new Map((await Promise.all(ready)).flat());
      return copies.flatMap((copy) => endpoints.get(copy) ?? []);
    },
    source: ({ endpoint, namespace, pod }) => ({
      endpoint,
      exec: (argv, options) => client.exec({ namespace, pod, container: CONTAINER }, argv, options),
    }),
    remove: async (copies) => {
      await Promise.all(
        byNamespace(copies).map(async ([namespace, own]) => {
          const names = own.map(({ name }) => name);
          removed.set(namespace, [...(removed.get(namespace) ?? []), ...names]);
          const path = (name: string) => `${pathOf('Pod', { namespace, name })}?gracePeriodSeconds=1`;
          await Promise.all(names.map((name) => client.delete(path(name), { signal })));
        }),
      );
    },
    untilGone: async () => {
      await Promise.all(
        [...removed].map(async ([namespace, names]) => {
          const areGone = (pods: readonly KubeObject[]) => !pods.some(({ metadata }) => names.includes(metadata.name));
          const what = `the end of pods in namespace ${namespace}`;
          await client.waitFor(pathOf('Pod', { namespace }), areGone, { deadlineMs: GONE_MS, signal, what });
        }),
      );
      removed.clear();
    },
  };
};

/** Calico writes a pod's addresses, as CIDRs, on the pod while it sets up its network; the kubelet tells them later. */
const CALICO_ADDRESSES = 'cni.projectcalico.org/podIPs';

const addressesOf = (pod: PodObject | undefined): readonly [addresses: readonly string[], early: boolean] => {
  const given = pod?.metadata.annotations?.[CALICO_ADDRESSES];
  return given ? [given.split(',').map((cidr) => cidr.replace(/\/.*/, '')), true] : [addressesIn(pod), false];
};

const endpointOf = ({ pod, name }: Copy, namespace: string, object: PodObject | undefined): PodEndpoint => ({
  kind: 'pod',
  endpoint: `${pod.namespace}/${name}`,
  namespace,
  pod: name,
  node: object?.spec?.nodeName ?? '',
  addresses: addressesIn(object),
  ports: pod.ports,
});
