import { schedulableNodes } from '../deploy/index.ts';
import { PodreachError } from '../errors.ts';
import type { Client } from '../kube/index.ts';
import type { CanaryOptions } from './canary-options.ts';
import { createCanaryPods } from './canary-pods.ts';
import { POST_PORTS, portOf } from './canary-policy.ts';
import { coalesce } from './coalesce.ts';
import { LateNodes, nodesText } from './late-nodes.ts';
import type { NodePath } from './node-path.ts';
import { isAgentOrdered } from './ordered-agent.ts';
import { createRounds, type Watched } from './rounds.ts';
import { findBrokenPaths } from './watch-paths.ts';

/** Detects when policies are enforced, and whether the nodes still reach each other. One serves the whole run. */
export interface Canary {
  /**
   * Whether the agents of this cluster are known to enforce changes in order, which `settle` relies on. If not, it
   * proves only that they are working, and one matrix is not enough.
   */
  readonly isOrdered: boolean;
  /**
   * Resolves with the elapsed milliseconds once everything applied before the call (policies, labels of pods and
   * namespaces) is enforced on these nodes, over every family. A node without a canary gets one. Calls made during a
   * round share the next round. Throws a `LateNodes` that names the nodes that did not follow.
   */
  settle(nodes: readonly string[]): Promise<number>;
  /** The paths that carry nothing at present, by `pathKey`, with the reason. One exec per node where paths start. */
  brokenPaths(paths: readonly NodePath[]): Promise<ReadonlyMap<string, string>>;
}

const SETTLE_MS = 30_000;
const ENFORCE_MS = 15_000;
const PATH_MS = 5_000;
/**
 * Brings up a canary and a prober on each node and proves once, on every node, that this cluster enforces
 * NetworkPolicies at all; throws a PodreachError if not.
 *
 * Each canary has its own policy, which admits one port, and only from pods and namespaces that carry the current turn
 * as a label. A round of settling labels the prober and its namespace with the next turn, moves each policy to that
 * turn and to its next port, and waits until every canary accepts a connection there. A node allows that only after it
 * has received all three changes, from three watches (pods, namespaces, policies). An agent handles the events of one
 * watch in order, so whatever was applied earlier is enforced by then.
 *
 * The awaited port can't have been open before: a node that lags behind by fewer changes than there are ports still
 * admits a different port, and a node that may lag further is not trusted.
 */
export const createCanary = async (client: Client, options: CanaryOptions): Promise<Canary> => {
  const { signal, settleMs = SETTLE_MS, enforceMs = ENFORCE_MS, pathMs = PATH_MS } = options;
  const [nodes, isOrdered] = await Promise.all([schedulableNodes(client, signal), isAgentOrdered(client, signal)]);
  const pods = await createCanaryPods(client, options);
  const { namespace } = pods;
  const { change, laggards } = createRounds(client, namespace, signal);
  const posts = new Map<string, Watched>();

  /** Brings up canaries on these nodes and proves that each is reachable without a policy and protected with one. */
  const raise = async (names: readonly string[]): Promise<void> => {
    const raised = (await pods.raise(names)).map((post): Watched => ({ ...post, changes: 0, followed: 0 }));
    const { prober } = raised[0] as Watched;
    // This port must be closed after the first change.
    const later = (changes: number) => portOf(changes + 2);
    const apart = await laggards(raised, prober, { wanted: 'open', port: later, deadlineMs: settleMs });
    if (apart.size > 0)
      throw new PodreachError(`without any policy, no pod can be reached on ${nodesText([...apart.values()])}`, {
        hint: 'the network between the pods is at fault, not the policies under test',
      });
    await change(raised, prober);
    const next = (changes: number) => portOf(changes + 1);
    const open = await laggards(raised, prober, { wanted: 'closed', port: next, deadlineMs: enforceMs });
    if (open.size > 0)
      throw new PodreachError(
        `this cluster's CNI does not enforce NetworkPolicies: ${enforceMs / 1000} s after a policy closed a port, it still answers on ${nodesText([...open.values()])}`,
        { hint: 'use a cluster whose CNI enforces NetworkPolicies, as Calico does' },
      );
    const closed = await laggards(raised, prober, { wanted: 'open', port: portOf, deadlineMs: settleMs });
    if (closed.size > 0)
      throw new PodreachError(`a port that a policy admits is closed on ${nodesText([...closed.values()])}`);
    for (const post of raised) {
      post.followed = post.changes;
      posts.set(post.node, post);
    }
  };

  /** One round for all these calls; returns the nodes that did not follow, in words, by node. */
  const round = async (calls: readonly (readonly string[])[]): Promise<ReadonlyMap<string, string>> => {
    const asked = [...new Set(calls.flat())];
    const unwatched = asked.filter((node) => !posts.has(node));
    if (unwatched.length > 0) await raise(unwatched);
    const all = asked.map((node) => posts.get(node) as Watched);
    const [first] = all;
    if (!first) return new Map();
    const sound = all.filter(({ changes, followed }) => changes + 1 - followed < POST_PORTS.length);
    const lost = all.filter((post) => !sound.includes(post));
    await change(sound, first.prober);
    const late = await laggards(sound, first.prober, { wanted: 'open', port: portOf, deadlineMs: settleMs });
    for (const post of sound) if (!late.has(post)) post.followed = post.changes;
    return new Map(
      [...late, ...lost.map((post) => [post, post.node] as const)].map(([{ node }, text]) => [node, text]),
    );
  };

  /** Forgets canaries that died, so that the next round creates new ones: they may be why a round failed. */
  const forgetLost = async (): Promise<void> => {
    for (const node of await pods.lost([...posts.values()])) posts.delete(node);
  };

  await raise(nodes.map(({ name }) => name));
  const shared = coalesce(async (calls: readonly (readonly string[])[]) => {
    try {
      const late = await round(calls);
      if (late.size > 0) await forgetLost();
      return late;
    } catch (error) {
      await forgetLost().catch(() => undefined);
      throw error;
    }
  });
  return {
    isOrdered,
    settle: async (asked) => {
      const start = performance.now();
      const late = await shared(asked);
      const own = new Map([...late].filter(([node]) => asked.includes(node)));
      const lost = new Map([...own].filter(([node]) => !posts.has(node)));
      if (lost.size > 0)
        throw new PodreachError(`podreach's own pods on ${nodesText([...lost.values()])} are gone or no longer ready`, {
          hint: 'the next scenario gets new ones',
        });
      if (own.size > 0) throw new LateNodes(settleMs, [...own.values()]);
      return Math.round(performance.now() - start);
    },
    brokenPaths: (paths) => findBrokenPaths(client, paths, posts, { namespace, signal, pathMs }),
  };
};
