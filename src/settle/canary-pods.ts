import {
  createNamespace,
  namespaceManifest,
  podManifest,
  renamed,
  serviceAccountManifest,
  suffixOf,
} from '../deploy/index.ts';
import { addressesIn, type Client, isReady, type Manifest, type PodObject, pathOf, readyPods } from '../kube/index.ts';
import type { CanaryOptions } from './canary-options.ts';
import { OPEN_PORT, POST_LABEL, POST_PORTS } from './canary-policy.ts';

/** The two pods on a node: the canary, which a policy guards, and the prober, which no policy selects. */
export interface Post {
  readonly node: string;
  readonly canary: string;
  readonly prober: string;
  /** The canary's addresses, one per family. */
  readonly addresses: readonly string[];
}

/** The canaries' namespace and the pods in it. */
export interface CanaryPods {
  readonly namespace: string;
  /** Brings up both pods on each of these nodes. Throws a PodreachError that names a pod that does not become ready. */
  raise(nodes: readonly string[]): Promise<readonly Post[]>;
  /** The nodes where one of the two pods is gone or no longer ready. */
  lost(posts: readonly Post[]): Promise<ReadonlySet<string>>;
}

const READY_MS = 120_000;

/** Creates the namespace, which belongs to the run. */
export const createCanaryPods = async (client: Client, options: CanaryOptions): Promise<CanaryPods> => {
  const { image, runId, owner, signal, readyMs = READY_MS } = options;
  const namespace = renamed('podreach-canary', suffixOf(runId));
  await createNamespace(client, namespaceManifest(namespace, {}, { runId, owner }), signal);
  await client.apply(serviceAccountManifest(namespace), { signal });

  let raised = 0;
  const raise = async (nodes: readonly string[]): Promise<readonly Post[]> => {
    const places = nodes.map((node) => {
      raised += 1;
      return { node, canary: `canary-${raised}`, prober: `prober-${raised}` };
    });
    const manifests = places.flatMap(({ node, canary, prober }) => [
      onNode(node, podManifest(canaryPod(canary), { namespace, image })),
      onNode(node, podManifest({ name: prober, labels: {}, ports: [] }, { namespace, image })),
    ]);
    await Promise.all(manifests.map((manifest) => client.apply(manifest, { signal })));
    const names = places.flatMap(({ canary, prober }) => [canary, prober]);
    const ready = await readyPods(client, namespace, names, { deadlineMs: readyMs, signal });
    return places.map((place) => ({ ...place, addresses: addressesIn(ready.get(place.canary)) }));
  };

  /** The pods that are ready, by name. */
  const listReady = async (): Promise<ReadonlyMap<string, PodObject>> => {
    const listed = (await client.list(pathOf('Pod', { namespace }), { signal })) as readonly PodObject[];
    return new Map(listed.filter(isReady).map((pod) => [pod.metadata.name, pod]));
  };

  return {
    namespace,
    raise,
    lost: async (posts) => {
      const ready = await listReady();
      return new Set(
        posts.filter((post) => !ready.has(post.canary) || !ready.has(post.prober)).map(({ node }) => node),
      );
    },
  };
};

const canaryPod = (name: string) => ({
  name,
  labels: { [POST_LABEL]: name },
  ports: [OPEN_PORT, ...POST_PORTS].map((number) => ({ number, protocol: 'TCP' as const })),
});

/** Bypasses the scheduler, so that a node cordoned after the scenario's pods landed there still takes this pod. */
const onNode = (node: string, manifest: Manifest): Manifest => ({
  ...manifest,
  spec: { ...(manifest.spec as object), nodeName: node },
});
