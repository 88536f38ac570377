import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, KubeObject } from '../cluster/client.ts';
import { isReady, type PodObject, readySince } from '../cluster/pod-state.ts';
import { diagnose } from '../cluster/ready-pods.ts';
import { PodreachError } from '../errors.ts';
import type { PodEndpoint } from './endpoint.ts';
import { listedPods } from './listed-pods.ts';

/** Why a pod that its kubelet asks was not ready; `unknown` where that tells nothing of the kubelet's way to it. */
export interface Unready {
  readonly kind: 'unready' | 'unknown';
  readonly why: string;
}

/** Between two looks at the pods. */
const STEP_MS = 500;
/** An unready pod has to be so for this long at the end: the kubelet has then asked twice. */
const SETTLED_MS = 2_000;

type Look = ReadonlyMap<string, KubeObject>;

/**
 * Watches the pods that their kubelet asks whether they are ready, for that time. Returns those that were not ready all of it: as
 * `unready` where they no longer are, in the end without a break; as `unknown` where they come and go, are gone, or a control pod
 * of the same node was not ready all the time either, for then it is the kubelet that is late.
 * A pod that was ready again between two looks is found out by the time of its last change, which Kubernetes keeps in seconds.
 * @param controls Pods that no policy isolates and that are asked in the same way, one on each node.
 */
export const unreadyPods = async (
  client: Client,
  endpoints: readonly PodEndpoint[],
  controls: readonly PodEndpoint[],
  forMs: number,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Unready>> => {
  const asked = endpoints.filter(({ readiness }) => readiness !== undefined);
  if (asked.length === 0) return new Map();
  const looks = await lookFor(client, [...asked, ...controls], forMs, signal);
  const results = await Promise.all(
    asked.map(async (pod): Promise<readonly [string, Unready] | null> => {
      const control = controls.find(({ node }) => node === pod.node);
      const isSound = control !== undefined && stayedReady(statesOf(looks, control));
      const states = statesOf(looks, pod);
      if (stayedReady(states) && isSound) return null;
      return [pod.endpoint, await judge(client, pod, states, isSound)];
    }),
  );
  return new Map(results.filter((result) => result !== null));
};

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
  { namespace, node }: PodEndpoint,
  states: readonly (PodObject | undefined)[],
  isSound: boolean,
): Promise<Unready> => {
  const last = states.at(-1);
  if (!last) return { kind: 'unknown', why: 'it is gone' };
  if (!isSound) return { kind: 'unknown', why: `on ${node} a pod that no policy isolates did not stay ready either` };
  const settled = states.slice(-Math.ceil(SETTLED_MS / STEP_MS) - 1);
  const isUnready = settled.every((state) => state && !isReady(state) && readySince(state) === readySince(last));
  if (!isUnready) return { kind: 'unknown', why: 'it was ready for a part of the time only' };
  return { kind: 'unready', why: await diagnose(client, namespace, last) };
};
