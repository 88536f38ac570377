import pLimit from 'p-limit';
import { PodreachError } from '../errors.ts';
import { type Client, type ExecTarget, pathOf } from '../kube/index.ts';
import {
  END_ARGV,
  type EphemeralContainer,
  type EphemeralState,
  ephemeralPatch,
  ephemeralState,
} from './ephemeral-container.ts';
import type { ExistingObject, ExistingPod } from './existing-pod.ts';

export interface LifeOptions {
  /** How long a container may take to start; its image may have to be pulled. */
  readonly startMs?: number;
  /** How long a container may take to end. */
  readonly endMs?: number;
  readonly signal?: AbortSignal | undefined;
}

const MAX_IN_FLIGHT = 10;
const START_MS = 90_000;
const END_MS = 20_000;

/**
 * Adds the container to each of the pods and waits until it runs. Returns, by endpoint, why a container was refused or
 * did not start. Starts with one pod alone, so that an unavailable image leaves its trace in one pod, not in all.
 * Throws only on an abort.
 */
export const startContainers = async (
  client: Client,
  pods: readonly ExistingPod[],
  container: EphemeralContainer,
  options: LifeOptions,
): Promise<ReadonlyMap<string, string>> => {
  const first = pods.slice(0, 1);
  const failures = new Map(await startAll(client, first, container, options));
  const rest = pods.slice(1);
  const [unstarted] = [...failures.values()].filter(({ accepted }) => accepted);
  const others: readonly [string, Failure][] = unstarted
    ? rest.map(({ endpoint }) => [endpoint, { ...unstarted, why: `in ${first[0]?.endpoint} ${unstarted.why}` }])
    : await startAll(client, rest, container, options);
  return new Map([...failures, ...others].map(([endpoint, { why }]) => [endpoint, why]));
};

interface Failure {
  readonly why: string;
  /** Whether the pod's spec has the container. */
  readonly accepted: boolean;
}

const startAll = async (
  client: Client,
  pods: readonly ExistingPod[],
  container: EphemeralContainer,
  { signal, startMs = START_MS }: LifeOptions,
): Promise<readonly [string, Failure][]> => {
  const limit = pLimit(MAX_IN_FLIGHT);
  const refusals = await Promise.all(pods.map((pod) => limit(() => add(client, pod, container, signal))));
  const added = pods.filter((_, index) => refusals[index] === null);
  const states = await follow(client, added, { name: container.name, isDone: isSettled, deadlineMs: startMs, signal });
  return pods.flatMap((pod, index): [string, Failure][] => {
    const refusal = refusals[index] ?? null;
    if (refusal !== null) return [[pod.endpoint, { why: `it was refused: ${refusal}`, accepted: false }]];
    const { phase, why } = states.get(pod.endpoint) ?? UNKNOWN;
    if (phase === 'running') return [];
    const late = phase === 'waiting' || phase === 'absent' ? ` after ${startMs / 1000} s` : '';
    return [[pod.endpoint, { why: `it does not run${late}: ${why}`, accepted: true }]];
  });
};

/** Why it was refused, or null if it was not. */
const add = async (
  client: Client,
  pod: ExistingPod,
  container: EphemeralContainer,
  signal: AbortSignal | undefined,
): Promise<string | null> => {
  try {
    const path = `${pathOf('Pod', { namespace: pod.namespace, name: pod.pod })}/ephemeralcontainers`;
    await client.patch(path, ephemeralPatch(pod, container), { signal });
    return null;
  } catch (error) {
    if (signal?.aborted || !(error instanceof PodreachError)) throw error;
    return error.message;
  }
};

/** The address of a pod's container. */
export const targetOf = ({ namespace, pod }: ExistingPod, container: string): ExecTarget => ({
  namespace,
  pod,
  container,
});

/**
 * Tells the containers to end, and waits until they have. Returns the state of those that have not; each ends by itself
 * when its lifetime is over. Accepts no signal, because this must also happen after an interruption. The result reports
 * failures.
 */
export const endContainers = async (
  client: Client,
  pods: readonly ExistingPod[],
  name: string,
  { endMs = END_MS }: LifeOptions = {},
): Promise<ReadonlyMap<string, string>> => {
  // A container that is about to start can't be told to end yet.
  const isAbsentOrSettled = (state: EphemeralState) => state.phase === 'absent' || isSettled(state);
  const before = await follow(client, pods, { name, isDone: isAbsentOrSettled, deadlineMs: endMs });
  const limit = pLimit(MAX_IN_FLIGHT);
  // A container that ends may take along the exec that told it to, so only its state counts.
  const tell = (pod: ExistingPod): Promise<unknown> =>
    client.exec(targetOf(pod, name), END_ARGV, { deadlineMs: endMs }).catch(() => undefined);
  const running = pods.filter(({ endpoint }) => before.get(endpoint)?.phase === 'running');
  await Promise.all(running.map((pod) => limit(() => tell(pod))));
  const after = await follow(client, pods, { name, isDone: ({ phase }) => OVER.has(phase), deadlineMs: endMs });
  return new Map(
    pods.flatMap(({ endpoint }) => {
      const { phase } = after.get(endpoint) ?? UNKNOWN;
      if (phase === 'ended' || phase === 'absent') return [];
      return [[endpoint, phase === 'running' ? 'is still running' : 'has not started yet'] as const];
    }),
  );
};

const isSettled = ({ phase }: EphemeralState): boolean => phase !== 'waiting' && phase !== 'absent';

const OVER: ReadonlySet<EphemeralState['phase']> = new Set(['ended', 'failed', 'absent']);

const UNKNOWN: EphemeralState = { phase: 'waiting', why: 'its state is not known' };

interface FollowOptions {
  /** Of the containers. */
  readonly name: string;
  readonly isDone: (state: EphemeralState) => boolean;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The last observed states, by endpoint: returned when all are as wanted, or when the time is over. Throws only on an
 * abort.
 */
const follow = async (
  client: Client,
  pods: readonly ExistingPod[],
  { name, isDone, deadlineMs, signal }: FollowOptions,
): Promise<ReadonlyMap<string, EphemeralState>> => {
  const states = new Map<string, EphemeralState>();
  const look = (own: readonly ExistingPod[], objects: readonly ExistingObject[]): boolean => {
    const byName = new Map(objects.map((object) => [object.metadata.name, object]));
    for (const pod of own) states.set(pod.endpoint, ephemeralState(pod, byName.get(pod.pod), name));
    return own.every(({ endpoint }) => isDone(states.get(endpoint) ?? UNKNOWN));
  };
  const waits = [...Map.groupBy(pods, ({ namespace }) => namespace)].map(async ([namespace, own]) => {
    const what = `container ${name} in the pods of ${namespace}`;
    await client
      .waitFor(pathOf('Pod', { namespace }), (objects) => look(own, objects as readonly ExistingObject[]), {
        deadlineMs,
        what,
        signal,
      })
      .catch((error: unknown) => {
        if (signal?.aborted || !(error instanceof PodreachError)) throw error;
      });
  });
  await Promise.all(waits);
  return states;
};
