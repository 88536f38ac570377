import pLimit from 'p-limit';
import { PodreachError } from '../errors.ts';
import type { Client } from '../kube/index.ts';
import { familyOf } from '../scenario/index.ts';
import type { Post } from './canary-pods.ts';
import { OPEN_PORT } from './canary-policy.ts';
import { type NodePath, pathKey } from './node-path.ts';
import { waitInPod } from './wait-in-pod.ts';
import type { Target, WaitResult } from './wait-script.ts';

export interface WatchOptions {
  readonly namespace: string;
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for a connection along a path. */
  readonly pathMs: number;
}

const MAX_IN_FLIGHT = 10;

/**
 * Tries a connection along every path, from a prober on one node to the canary on the other, at the port that is always
 * open; one exec per source node. Returns the paths that carried nothing, by key, with the reason. A path whose check
 * broke is unproven, and is returned as well.
 */
export const findBrokenPaths = async (
  client: Client,
  paths: readonly NodePath[],
  posts: ReadonlyMap<string, Post>,
  { namespace, signal, pathMs }: WatchOptions,
): Promise<ReadonlyMap<string, string>> => {
  const limit = pLimit(MAX_IN_FLIGHT);

  const askFrom = async (from: string, own: readonly NodePath[]): Promise<readonly (string | null)[]> => {
    const post = posts.get(from);
    const targets = own.flatMap(({ to, family }): Target | readonly [] => {
      const address = posts.get(to)?.addresses.find((one) => familyOf(one) === family);
      return address === undefined ? [] : { address, port: OPEN_PORT };
    });
    if (!post || targets.length < own.length) return own.map(() => 'there is no canary');
    try {
      const at = { namespace, pod: post.prober };
      const resultOf = await waitInPod(client, at, { wanted: 'open', targets, deadlineMs: pathMs, signal });
      return targets.map((target) => reasonOf(resultOf(target), pathMs));
    } catch (error) {
      if (!(error instanceof PodreachError) || signal?.aborted) throw error;
      return own.map(() => `the control broke: ${error.message}`);
    }
  };

  const asked = [...Map.groupBy(paths, ({ from }) => from)].map(([from, own]) =>
    limit(async () => {
      const reasons = await askFrom(from, own);
      return own.map((path, index) => [pathKey(path), reasons[index] ?? null] as const);
    }),
  );
  const all = (await Promise.all(asked)).flat();
  return new Map(all.filter((one): one is [string, string] => one[1] !== null));
};

const reasonOf = (result: WaitResult, pathMs: number): string | null => {
  if (result === 'yes') return null;
  if (result === 'no') return `no connection within ${pathMs / 1000} s`;
  return result.broken === undefined
    ? 'the control gave no report'
    : `the control ended with exit code ${result.broken}`;
};
