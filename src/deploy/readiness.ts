import { setTimeout as sleep } from 'node:timers/promises';
import { PodreachError } from '../errors.ts';
import type { Client, KubeObject } from '../kube/index.ts';
import { diagnose, isReady, type PodObject, readySince } from '../kube/index.ts';
import type { PodEndpoint } from './endpoint.ts';
import { listedPods } from './listed-pods.ts';
import { switchServers } from './switch-servers.ts';

/** Why a pod that its kubelet asks was not ready; `unknown` where that tells nothing of the kubelet's way to it. */
export interface Unready {
  readonly kind: 'unready' | 'unknown';
  readonly why: string;
}

/** Between two looks at the pods. */
const STEP_MS = 500;
/** An unready pod has to be so for this long at the end: the kubelet has then asked twice. */
const SETTLED_MS = 2_000;

/** Pods that no policy isolates and that are asked in the same way, each on one of the nodes. */
export interface Controls {
  /** Have to stay ready. */
  readonly steady: readonly PodEndpoint[];
  /** Are made unready when watching begins, or ready if they were not: their kubelet has to notice. */
  readonly switched: readonly PodEndpoint[];
}

type Look = ReadonlyMap<string, KubeObject>;

/**
 * Watches the pods that their kubelet asks whether they are ready, for that time. Returns those that were not ready all
 * of it: as `unready` where they no longer are, in the end without a break; as `unknown` where they come and go or are
 * gone. Where the kubelet was late, as the control pods of its node tell, all its pods are `unknown`, the ready ones
 * too. A pod that was ready again between two looks is found out by the time of its last change, which Kubernetes keeps
 * in seconds.
 */
export const unreadyPods = async (
  client: Client,
  endpoints: readonly PodEndpoint[],
  controls: Controls,
  forMs: number,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Unready>> => {
  const asked = endpoints.filter(({ readiness }) => readiness !== undefined);
  if (asked.length === 0) return new Map();
  const nodes = new Set(asked.map(({ node }) => node));
  const steady = controls.steady.filter(({ node }) => nodes.has(node));
  const switched = controls.switched.filter(({ node }) => nodes.has(node));
  const before = await listedPods(client, switched, signal);
  const wanted = new Map(
    await Promise.all(
      switched.map(async (pod) => {
        const ready = !isReady(statesOf([before], pod)[0] ?? GONE);
        await switchServers(client, pod, ready ? 'CONT' : 'STOP', signal);
        return [pod.node, { pod, ready }] as const;
      }),
    ),
  );
  const looks = await lookFor(client, [...asked, ...steady, ...switched], forMs, signal);
  const lateness = (node: string): string | null => {
    const control = steady.find((pod) => pod.node === node);
    if (!control || !stayedReady(statesOf(looks, control)))
      return `on ${node} a pod that no policy isolates did not stay ready either`;
    const change = wanted.get(node);
    const state = change && statesOf(looks, change.pod).at(-1);
    if (state && isReady(state) === change.ready) return null;
    return `the kubelet of ${node} did not notice meanwhile what became of another pod`;
  };
  const results = await Promise.all(
    asked.map(async (pod): Promise<readonly [string, Unready] | null> => {
      const states = statesOf(looks, pod);
      const late = lateness(pod.node);
      if (stayedReady(states) && late === null) return null;
      return [pod.endpoint, await judge(client, pod, states, late)];
    }),
  );
  return new Map(results.filter((result) => result !== null));
};

const GONE: PodObject = { metadata: { name: '' } };

const lookFor = async (
  client: Client,
  pods: readonly PodEndpoint[],
  forMs: number,
  signal?: AbortSignal,
): Promise<readonly Look[]> => {
  const end = performance.now() + forMs;
  const looks = [await listedPods(client, pods, signal)];
  while (performance.now() < end) {
    await sleep(Math.min(STEP_MS, Math.max(1, end - performance.now())), undefined, signal && { signal }).catch(() => {
      throw new PodreachError('watching the pods that are to stay ready was interrupted');
    });
    looks.push(await listedPods(client, pods, signal));
  }
  return looks;
};

const statesOf = (looks: readonly Look[], { namespace, pod }: PodEndpoint): readonly (PodObject | undefined)[] =>
  looks.map((look) => look.get(`${namespace}/${pod}`) as PodObject | undefined);

const stayedReady = (states: readonly (PodObject | undefined)[]): boolean => {
  const [first] = states;
  return states.every((state) => state && first && isReady(state) && readySince(state) === readySince(first));
};

const judge = async (
  client: Client,
  { namespace }: PodEndpoint,
  states: readonly (PodObject | undefined)[],
  late: string | null,
): Promise<Unready> => {
  const last = states.at(-1);
  if (!last) return { kind: 'unknown', why: 'it is gone' };
  if (late !== null) return { kind: 'unknown', why: late };
  const settled = states.slice(-Math.ceil(SETTLED_MS / STEP_MS) - 1);
  const isUnready = settled.every((state) => state && !isReady(state) && readySince(state) === readySince(last));
  if (!isUnready) return { kind: 'unknown', why: 'it was ready for a part of the time only' };
  return { kind: 'unready', why: await diagnose(client, namespace, last) };
};
