/** `podreach compare --plan --live`: the orders of a change, proven on running pods. */
import { asPodreachError, PodreachError } from '../../errors.ts';
import type { Order, OrderProof } from '../../report/index.ts';
import { statesOf } from '../../rollout/index.ts';
import { type OwnWorld, walkStates } from '../../run/index.ts';
import { type Probe, probeKey } from '../../scenario/index.ts';
import { plural } from '../../text.ts';
import { violationsIn } from '../../watch/index.ts';
import type { Terminal } from '../terminal/index.ts';
import type { Planned } from './plan.ts';

/** With more, each would be tried less than once a second. */
const CELLS_AT_MOST = 2_000;

export interface WalkFlags {
  readonly order?: readonly Order[];
  readonly record?: boolean;
  readonly settleTimeout?: number;
}

/** What proves the orders on the pods of the second state, one after the other, until one breaks. Throws if there is too much to watch. */
export const walkerOf = (
  { states: [before], actions, written, unchanged }: Planned,
  { order = ['planned'], record = true, settleTimeout = 30_000 }: WalkFlags,
  { progress, signal }: Pick<Terminal, 'progress' | 'signal'>,
) => {
  const open = new Set(unchanged.open.map(probeKey));
  const all = new Set([...open, ...unchanged.blocked.map(probeKey)]);
  if (all.size > CELLS_AT_MOST)
    throw new PodreachError(
      `--plan --live watches each cell that must not change, at most ${CELLS_AT_MOST}, but there are ${all.size}`,
      { hint: 'prove the change in parts, such as one namespace at a time' },
    );
  const orders = order.map((one) => [one, one === 'written' ? written : actions] as const);
  const proofs: OrderProof[] = [];
  const failures: PodreachError[] = [];
  const walkAll = async (world: OwnWorld): Promise<void> => {
    for (const [one, own] of orders) {
      if (!own || own.length === 0) continue;
      const walk = await progress.during(`making ${plural(own.length, 'change')} one by one, ${one}`, () =>
        walkStates(world, statesOf(before, own), {
          isWatched: (probe) => all.has(probeKey(probe)),
          recording: record,
          seenWithinMs: settleTimeout,
          signal,
        }),
      );
      proofs.push({ order: one, walk, violations: violationsIn(walk, (probe) => open.has(keyOf(probe))) });
    }
  };
  // Both states were proven before, so their result stays.
  const linger = (world: OwnWorld): Promise<void> =>
    walkAll(world).catch((error: unknown) => {
      failures.push(asPodreachError(error));
    });
  return { linger, proofs, failures };
};

const keyOf = ({ family: _, ...probe }: Probe): string => probeKey(probe);
