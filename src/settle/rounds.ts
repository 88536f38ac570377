import { PodreachError } from '../errors.ts';
import { type Client, pathOf } from '../kube/index.ts';
import { familyOf } from '../scenario/index.ts';
import type { Post } from './canary-pods.ts';
import { admitOnly, markTurn, portOf } from './canary-policy.ts';
import { waitInPod } from './wait-in-pod.ts';
import type { PortState, Target } from './wait-script.ts';

/**
 * A post, with the number of changes made to its policy, and the last change that its node is known to have enforced.
 */
export interface Watched extends Post {
  changes: number;
  followed: number;
}

/** The state to wait for at each canary. */
export interface Wait {
  readonly wanted: PortState;
  /** The port of a canary, from the number of changes made to its policy. */
  readonly port: (changes: number) => number;
  readonly deadlineMs: number;
}

export interface Rounds {
  /** Moves the policy of each post to its next port, and labels the prober and its namespace with the next turn. */
  change(posts: readonly Watched[], prober: string): Promise<void>;
  /**
   * Waits for all canaries at once, over each family. Returns, in words, those whose port did not reach the wanted
   * state: `n1`, or `n1 over IPv6`. Throws a PodreachError if the waiting itself broke.
   */
  laggards(posts: readonly Watched[], prober: string, wait: Wait): Promise<ReadonlyMap<Watched, string>>;
}

/** The two halves of a round: change everything, then wait for the nodes to follow. */
export const createRounds = (client: Client, namespace: string, signal?: AbortSignal | undefined): Rounds => {
  let turn = 0;
  return {
    change: async (posts, prober) => {
      turn += 1;
      for (const post of posts) post.changes += 1;
      await Promise.all([
        client.patch(pathOf('Namespace', { name: namespace }), markTurn(turn), { signal }),
        client.patch(pathOf('Pod', { namespace, name: prober }), markTurn(turn), { signal }),
        ...posts.map(({ canary, changes }) =>
          client.apply(admitOnly(canary, namespace, portOf(changes), turn), { signal }),
        ),
      ]);
    },
    laggards: async (posts, prober, { wanted, port, deadlineMs }) => {
      const targetsOf = ({ addresses, changes }: Watched): readonly Target[] =>
        addresses.map((address) => ({ address, port: port(changes) }));
      const targets = posts.flatMap(targetsOf);
      const resultOf = await waitInPod(client, { namespace, pod: prober }, { wanted, targets, deadlineMs, signal });
      const isLate = (node: string, target: Target): boolean => {
        const result = resultOf(target);
        if (result === 'yes' || result === 'no') return result === 'no';
        const told = result.broken === undefined ? 'no report' : `exit code ${result.broken}`;
        throw new PodreachError(`the canary's probe of node ${node} broke: ${told}`);
      };
      return new Map(
        posts.flatMap((post) => {
          const late = targetsOf(post).filter((target) => isLate(post.node, target));
          const [first] = late;
          if (!first) return [];
          // There are at most two families.
          const family = late.length < post.addresses.length ? ` over ${familyOf(first.address)}` : '';
          return [[post, post.node + family] as const];
        }),
      );
    },
  };
};
