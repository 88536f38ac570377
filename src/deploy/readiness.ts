import { setTimeout as sleep } from 'node:timers/promises';
import { PodreachError } from '../errors.ts';
import type { Client, KubeObject } from '../kube/index.ts';
import { diagnose, isReady, type PodObject, readySince } from '../kube/index.ts';
import type { PodEndpoint } from './endpoint.ts';
import { listedPods } from './listed-pods.ts';
import { switchServers } from './switch-servers.ts';

/** Why a pod with a readiness probe was not ready; `unknown` if that says nothing about the path from its kubelet. */
export interface Unready {
  readonly kind: 'unready' | 'unknown';
  readonly why: string;
}

/** Time between two looks at the pods. */
const STEP_MS = 500;
/** An unready pod must have been unready for this long at the end: the kubelet has then probed it twice. */
const SETTLED_MS = 2_000;

/** Pods with the same readiness probe that no policy isolates, each on one of the nodes. */
export interface Controls {
  /** These must stay ready. */
  readonly steady: readonly PodEndpoint[];
  /** These are made unready when watching begins, or ready if they were not: their kubelet has to notice. */
  readonly switched: readonly PodEndpoint[];
}

type Look = ReadonlyMap<string, KubeObject>;

/**
 * Watches the pods with readiness probes for the given time. Returns those that were not ready the whole time: as
 * `unready` if they have been unready without a break at the end, as `unknown` if they flap or are gone. If a node's
 * control pods show that the kubelet was late, all its pods are `unknown`, including the ready ones. A pod that was
 * ready again between two looks is detected by the time of its last change, which Kubernetes keeps in seconds.
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
    return `the kubelet of ${node} did not notice a change in another pod meanwhile`;
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
      throw new PodreachError('watching the pods that must stay ready was interrupted');
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
  if (!isUnready) return { kind: 'unknown', why: 'it was ready only part of the time' };
  return { kind: 'unready', why: await diagnose(client, namespace, last) };
};
