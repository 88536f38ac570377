import { execa } from 'execa';
import type { KubeObject } from '../../../src/kube/index.ts';
import type { Outcome } from '../podreach.ts';
import type { LiveCluster, LiveRun } from './cluster.ts';

/** What goes wrong in the middle of a run. */
export interface Strike {
  /** It happens once this policy of the run is in force. */
  readonly policy: string;
  /** Resolves when it has happened; `namespace` is that of the policy. */
  act(namespace: string): Promise<unknown>;
  /** Makes it good before another try. */
  undo?(): Promise<unknown>;
}

const POLICIES = '/apis/networking.k8s.io/v1/networkpolicies';
const TRIES = 4;
const DEADLINE_MS = 120_000;

/**
 * Runs scenarios with a strike in the middle. A run that was over before it was hit proves nothing and is repeated.
 * Throws if no run is hit.
 */
export const runStruck = async (
  cluster: LiveCluster,
  scenarios: readonly string[],
  strike: Strike,
  options?: LiveRun,
): Promise<Outcome> => {
  const missed: string[] = [];
  while (missed.length < TRIES) {
    await untilIn(cluster, strike.policy, false);
    const ended = new AbortController();
    const hit = strikeOnce(cluster, strike, ended.signal);
    const outcome = await cluster.run(scenarios, options);
    const endMs = performance.now();
    ended.abort();
    const hitMs = await hit;
    if (hitMs !== null && hitMs < endMs) return outcome;
    missed.push(hitMs === null ? 'its policy was never seen' : `${Math.round(hitMs - endMs)} ms after the run's end`);
    if (hitMs !== null) await strike.undo?.();
  }
  throw new Error(`the strike hit none of ${TRIES} runs: ${missed.join(', ')}`);
};

/** Returns when it happened, or null if the run ended before its policy was seen. */
const strikeOnce = async (cluster: LiveCluster, { policy, act }: Strike, signal: AbortSignal) => {
  const seen = await untilIn(cluster, policy, true, signal).catch((error: unknown) => {
    if (signal.aborted) return undefined;
    throw error;
  });
  const namespace = seen?.metadata?.namespace;
  if (namespace === undefined) return null;
  await act(namespace);
  return performance.now();
};

/** Waits until a policy of this name exists, or none does, and returns it. */
const untilIn = async (cluster: LiveCluster, name: string, exists: boolean, signal?: AbortSignal) => {
  const of = (policies: readonly KubeObject[]) => policies.find(({ metadata }) => metadata?.name === name);
  const what = exists ? `the policy ${name}` : `the end of an earlier ${name}`;
  const waiting = { deadlineMs: DEADLINE_MS, what, signal };
  return of(await cluster.client.waitFor(POLICIES, (policies) => exists === (of(policies) !== undefined), waiting));
};

/** Runs a shell command on a node. */
export const onNode = (node: string, command: string) =>
  execa('docker', ['exec', node, 'sh', '-c', command], { timeout: 60_000 });
