import { type Client, pathOf } from '../cluster/client.ts';
import { CONTAINER, schedulableNodes } from '../deploy/index.ts';
import { PodreachError } from '../errors.ts';
import { familyOf } from '../scenario/index.ts';
import { createCanaryPods, type Post } from './canary-pods.ts';
import { admitOnly, markTurn, POST_PORTS, portOf } from './canary-policy.ts';
import { coalesce } from './coalesce.ts';
import type { NodePath } from './node-path.ts';
import { isAgentOrdered } from './ordered-agent.ts';
import { type PortState, parseWait, type Target, waitArgv } from './wait-script.ts';
import { findBrokenPaths } from './watch-paths.ts';

export interface CanaryOptions {
  readonly image: string;
  readonly runId: string;
  /** Whose the namespace is, as `ownerText` writes it. */
  readonly owner: string;
  readonly signal?: AbortSignal | undefined;
  /** How long the pods may take to become ready. */
  readonly readyMs?: number;
  /** How long `settle` may take. */
  readonly settleMs?: number;
  /** How long the proof that policies are enforced waits for a closed port. */
  readonly enforceMs?: number;
  /** How long a path between nodes may take to carry something. */
  readonly pathMs?: number;
}

/** Tells when policies are enforced, and whether the nodes still reach each other. One serves the whole run. */
export interface Canary {
  /**
   * Whether the agents here are known to enforce changes in their order, so that what was applied before a call of
   * `settle` is enforced after it. Otherwise `settle` proves only that the agents are at work.
   */
  readonly isOrdered: boolean;
  /**
   * Resolves when what was applied before the call (policies, labels of pods and namespaces) is enforced on these
   * nodes, over each family, with how long that took in milliseconds. A node that has no canary gets one. Calls that
   * come while it is at work share one further round. Throws a PodreachError that names the node which did not follow.
   */
  settle(nodes: readonly string[]): Promise<number>;
  /** The paths that carry nothing now, by `pathKey`, each with the reason. One exec for each node that paths start from. */
  brokenPaths(paths: readonly NodePath[]): Promise<ReadonlyMap<string, string>>;
  /** Since when the kubelet of each node has found its canary ready, by node; without the nodes where it does not. */
  readySince(): Promise<ReadonlyMap<string, string>>;
}

const SETTLE_MS = 30_000;
const ENFORCE_MS = 15_000;
const PATH_MS = 5_000;
/** For the exec itself, beyond what the script in it waits. */
const EXEC_SLACK_MS = 5_000;

/** A post, with how often its policy was changed and how many of these changes its node has followed for certain. */
interface Watched extends Post {
  changes: number;
  followed: number;
}

/**
 * Brings up a canary and a prober on each node and proves once, on every node, that this cluster enforces
 * NetworkPolicies at all; throws a PodreachError if not.
 *
 * Each canary has a policy of its own that admits one port, and only from pods and namespaces marked with the present turn. A
 * round of settling marks the prober and its namespace with the next turn, changes the policies to that turn and
 * to their next port, and waits until each canary lets that port in. It does so only when its node has heard of all
 * three, by three watches (pods, namespaces, policies); and an agent programs what one watch brings in its order, so
 * what was applied before is then enforced too.
 *
 * A port was never open before its turn came: a node that is behind by less than there are ports still lets in another
 * one, and none is taken at its word that may be further behind.
 */
export const createCanary = async (client: Client, options: CanaryOptions): Promise<Canary> => {
  const { signal, settleMs = SETTLE_MS, enforceMs = ENFORCE_MS, pathMs = PATH_MS } = options;
  const [nodes, isOrdered, pods] = await Promise.all([
    schedulableNodes(client, signal),
    isAgentOrdered(client, signal),
    createCanaryPods(client, options),
  ]);
  const { namespace } = pods;
  const posts = new Map<string, Watched>();
  let turn = 0;

  /** Changes the policies of these posts, each to its next port, and marks their one prober with the next turn. */
  const change = async (asked: readonly Watched[], prober: string): Promise<void> => {
    turn += 1;
    for (const post of asked) post.changes += 1;
    await Promise.all([
      client.patch(pathOf('Namespace', { name: namespace }), markTurn(turn), { signal }),
      client.patch(pathOf('Pod', { namespace, name: prober }), markTurn(turn), { signal }),
      ...asked.map(({ canary, changes }) =>
        client.apply(admitOnly(canary, namespace, portOf(changes), turn), { signal }),
      ),
    ]);
  };

  /** Waits for a port at every canary; returns those where it did not come to pass, as `node` or `node over IPv6`. */
  const laggards = async (
    prober: string,
    asked: readonly Watched[],
    wanted: PortState,
    portAfter: (changes: number) => number,
    deadlineMs: number,
  ): Promise<ReadonlyMap<Watched, string>> => {
    const targets = asked.flatMap(({ addresses, changes }) =>
      addresses.map((address): Target => ({ address, port: portAfter(changes) })),
    );
    const at = { namespace, pod: prober, container: CONTAINER };
    const argv = waitArgv(wanted, deadlineMs, targets);
    const { stdout } = await client.exec(at, argv, { deadlineMs: deadlineMs + EXEC_SLACK_MS, signal });
    const results = new Map(parseWait(stdout, targets).map((result, index) => [targets[index]?.address, result]));
    return new Map(
      asked.flatMap((post) => {
        const late = post.addresses.filter((address) => {
          const result = results.get(address);
          if (result === 'yes' || result === 'no') return result === 'no';
          const told = result?.broken === undefined ? 'no report' : `exit code ${result.broken}`;
          throw new PodreachError(`the canary's probe of node ${post.node} broke: ${told}`);
        });
        const families = late.length < post.addresses.length ? ` over ${late.map(familyOf).join(' and ')}` : '';
        return late.length === 0 ? [] : [[post, `${post.node}${families}`] as const];
      }),
    );
  };

  /** Raises canaries on these nodes, and proves that each is reached without a policy and guarded by one. */
  const raise = async (names: readonly string[]): Promise<void> => {
    const raised = (await pods.raise(names)).map((post): Watched => ({ ...post, changes: 0, followed: 0 }));
    const prober = raised[0]?.prober ?? '';
    const notYet = (changes: number) => portOf(changes + 1);
    const apart = await laggards(prober, raised, 'open', (changes) => portOf(changes + 2), settleMs);
    if (apart.size > 0)
      throw new PodreachError(`without any policy, no pod can be reached on ${nodesText(apart)}`, {
        hint: 'the network between the pods is at fault, not the policies under test',
      });
    await change(raised, prober);
    const open = await laggards(prober, raised, 'closed', notYet, enforceMs);
    if (open.size > 0)
      throw new PodreachError(
        `this cluster's CNI does not enforce NetworkPolicies: ${enforceMs / 1000} s after a policy closed a port, it still answers on ${nodesText(open)}`,
        { hint: 'use a cluster whose CNI enforces NetworkPolicies, as Calico does' },
      );
    const closed = await laggards(prober, raised, 'open', portOf, settleMs);
    if (closed.size > 0) throw new PodreachError(`a port that a policy admits is closed on ${nodesText(closed)}`);
    for (const post of raised) {
      post.followed = post.changes;
      posts.set(post.node, post);
    }
  };

  const postOf = (node: string): Watched => {
    const post = posts.get(node);
    if (!post) throw new PodreachError(`no canary stands on node ${node}`);
    return post;
  };

  /** One round for all that was asked meanwhile; the nodes that did not follow, in words, by node. */
  const round = async (calls: readonly (readonly string[])[]): Promise<ReadonlyMap<string, string>> => {
    const asked = [...new Set(calls.flat())];
    const unwatched = asked.filter((node) => !posts.has(node));
    if (unwatched.length > 0) await raise(unwatched);
    const all = asked.map(postOf);
    const [first] = all;
    if (!first) return new Map();
    const sound = all.filter(({ changes, followed }) => changes + 1 - followed < POST_PORTS.length);
    const lost = all.filter((post) => !sound.includes(post));
    await change(sound, first.prober);
    const late = await laggards(first.prober, sound, 'open', portOf, settleMs);
    for (const post of sound) if (!late.has(post)) post.followed = post.changes;
    return new Map(
      [...late, ...lost.map((post) => [post, post.node] as const)].map(([{ node }, text]) => [node, text]),
    );
  };

  await raise(nodes.map(({ name }) => name));
  const shared = coalesce(round);
  return {
    isOrdered,
    settle: async (asked) => {
      const start = performance.now();
      const late = await shared(asked);
      const own = new Map([...late].filter(([node]) => asked.includes(node)));
      if (own.size > 0)
        throw new PodreachError(`policies are not enforced after ${settleMs / 1000} s on ${nodesText(own)}`, {
          hint: `look at the CNI's agent there, for Calico: kubectl -n kube-system logs -l k8s-app=calico-node`,
        });
      return Math.round(performance.now() - start);
    },
    brokenPaths: (paths) => findBrokenPaths(client, paths, posts, { namespace, signal, pathMs }),
    readySince: () => pods.readySince([...posts.values()]),
  };
};

const nodesText = (late: ReadonlyMap<unknown, string>): string =>
  `${late.size === 1 ? 'node' : 'nodes'} ${[...late.values()].join(', ')}`;
