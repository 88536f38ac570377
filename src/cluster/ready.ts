import { type Client, diagnose, isReady, type KubeObject, type PodObject, pathOf } from '../kube/index.ts';
import { elapsed } from '../stopwatch.ts';

interface NodeObject extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Every component whose pods must exist before a cluster counts as ready, by the start of their names. */
const components = ['calico-node-', 'calico-kube-controllers-', 'coredns-', 'kube-proxy-'];

const deadlineMs = 180_000;

/**
 * Waits until every node and every system pod is ready; at the deadline reports those that are not, with their last
 * events.
 */
export const clusterReady = async (client: Client, signal?: AbortSignal): Promise<void> => {
  const startMs = performance.now();
  await client.waitFor(pathOf('Node'), (nodes) => nodes.length > 0 && nodes.every(isNodeReady), {
    deadlineMs,
    signal,
    what: 'the nodes of the cluster',
    describe: async (nodes) => {
      const waiting = nodes.filter((node) => !isNodeReady(node)).map(({ metadata }) => metadata.name);
      const pods = await client.list(pathOf('Pod', { namespace: 'kube-system' })).catch(() => []);
      return `not ready: ${waiting.join(', ')}; ${await describePods(client, pods)}`;
    },
  });
  await client.waitFor(pathOf('Pod', { namespace: 'kube-system' }), isSystemReady, {
    deadlineMs: Math.max(1000, deadlineMs - elapsed(startMs)),
    signal,
    what: 'the pods of kube-system',
    describe: (pods) => describePods(client, pods),
  });
};

const isNodeReady = (node: KubeObject): boolean =>
  (node as NodeObject).status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

export const isSystemReady = (pods: readonly KubeObject[]): boolean =>
  components.every((name) => pods.some(({ metadata }) => metadata.name.startsWith(name))) &&
  pods.every((pod) => isReady(pod as PodObject));

const describePods = async (client: Client, pods: readonly KubeObject[]): Promise<string> => {
  const absent = components.filter((name) => !pods.some(({ metadata }) => metadata.name.startsWith(name)));
  const waiting = pods.filter((pod) => !isReady(pod as PodObject)) as PodObject[];
  const states = waiting.map(async (pod) => `${pod.metadata.name}: ${await diagnose(client, 'kube-system', pod)}`);
  return [...absent.map((name) => `no pod ${name}…`), ...(await Promise.all(states))].join('; ');
};
