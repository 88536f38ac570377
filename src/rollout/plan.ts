import type { Direction, NetworkPolicy } from '../model/index.ts';
import type { Probe, Step } from '../scenario/index.ts';
import { type Cells, createMasks, type Effect, type Masks } from './cell-masks.ts';
import { changesBetween, type PolicyChange } from './changes.ts';
import { createStates, findOrder, isHarmless, type States, type Turn } from './order.ts';
import { type Temporary, temporaryPolicies } from './temporary.ts';

/** One thing to do, after the one before it is enforced. */
export type Action =
  | { readonly kind: 'apply' | 'delete'; readonly policy: PolicyChange }
  | { readonly kind: 'apply-temporary' | 'delete-temporary'; readonly temporary: Temporary };

/** Cells that a state between cuts or opens, although they are the same before and after. */
export interface Damage {
  /** After which of the actions; from 1. */
  readonly after: number;
  readonly cut: readonly Probe[];
  readonly leaked: readonly Probe[];
}

/** How to get from one state of the policies to the other. */
export interface Rollout {
  /** null if no order was found, not even with temporary policies. */
  readonly actions: readonly Action[] | null;
  /** What the order as written would do: applied first, deleted last, by name. */
  readonly naive: readonly Damage[];
  /** That order. */
  readonly written: readonly Action[];
  /** The cells that are open before and after, and those that are blocked before and after. */
  readonly unchanged: Readonly<Record<'open' | 'blocked', readonly Probe[]>>;
  /** Cells that depend on an address that is not known, so nothing is said about them. */
  readonly undecided: number;
}

/** More would be too many states to search. */
export const CHANGES_AT_MOST = 20;

/**
 * An order in which no state between cuts a cell that is open before and after, or opens one that is blocked before and
 * after. Both states have the topology of the second. `pause` is called now and then, and ends it if it rejects.
 */
export const planRollout = async (
  before: Pick<Step, 'policies'>,
  after: Pick<Step, 'topology' | 'policies'>,
  pause: () => Promise<unknown>,
): Promise<Rollout> => {
  const changes = changesBetween(before.policies, after.policies);
  const masks = createMasks(after.topology);
  const effectOf = (policy: NetworkPolicy | undefined): Effect | null => (policy ? masks.effectOf(policy) : null);
  const changed = new Set(changes.map(({ before: was }) => was));
  const constant = before.policies.filter((policy) => !changed.has(policy)).map(({ spec }) => masks.effectOf(spec));
  const turns = changes.map((one): Turn => ({ before: effectOf(one.before?.spec), after: effectOf(one.after?.spec) }));
  const all = (1n << BigInt(masks.cells.length)) - 1n;
  const ignored = masks.undecided();
  const states = createStates({ constant, turns, all, ignored });
  const plain = await findOrder(changes.length, states.harmIn, pause);
  return {
    actions: plain
      ? plain.map((at) => actionOf(changes[at] as PolicyChange))
      : await withTemporaries({ topology: after.topology, changes, turns, states, masks, pause }),
    naive: damagesOf(changes.length, states, masks),
    written: changes.map(actionOf),
    unchanged: { open: listOf(states.stays, masks), blocked: listOf(states.never, masks) },
    undecided: listOf(ignored, masks).length,
  };
};

const actionOf = (policy: PolicyChange): Action => ({ kind: policy.after ? 'apply' : 'delete', policy });

const damagesOf = (count: number, { harmIn }: States, masks: Masks): readonly Damage[] =>
  Array.from({ length: count }, (_, at): Damage => {
    const { cut, leaked } = harmIn(2 ** (at + 1) - 1);
    return { after: at + 1, cut: listOf(cut, masks), leaked: listOf(leaked, masks) };
  }).filter(({ cut, leaked }) => cut.length + leaked.length > 0);

const listOf = (cells: Cells, masks: Masks): readonly Probe[] => masks.cells.filter((_, at) => has(cells, at));

const has = (cells: Cells, at: number): boolean => ((cells >> BigInt(at)) & 1n) === 1n;

interface Changing {
  readonly topology: Step['topology'];
  readonly changes: readonly PolicyChange[];
  readonly turns: readonly Turn[];
  readonly states: States;
  readonly masks: Masks;
  pause(): Promise<unknown>;
}

/**
 * Temporary policies that keep open what has to stay open come first and go last; those that turn out not to be needed are
 * left out.
 */
const withTemporaries = async ({
  topology,
  changes,
  turns,
  states,
  masks,
  pause,
}: Changing): Promise<readonly Action[] | null> => {
  const all = 2 ** changes.length - 1;
  const planWith = async (temporaries: readonly Temporary[]): Promise<readonly Action[] | null> => {
    const effects = temporaries.map(({ spec }) => masks.effectOf(spec));
    const isClean = (done: number, from: number, to: number) =>
      isHarmless(states.harmIn(done, effects.slice(from, to)));
    if (!effects.every((_, at) => isClean(0, 0, at + 1) && isClean(all, at, effects.length))) return null;
    const order = await findOrder(changes.length, (done) => states.harmIn(done, effects), pause);
    return order
      ? [
          ...temporaries.map((temporary): Action => ({ kind: 'apply-temporary', temporary })),
          ...order.map((at) => actionOf(changes[at] as PolicyChange)),
          ...temporaries.map((temporary): Action => ({ kind: 'delete-temporary', temporary })),
        ]
      : null;
  };
  let chosen = temporaryPolicies(topology, listOf(states.stays, masks), isolationChanges(turns, masks));
  let found = await planWith(chosen);
  for (const one of found ? chosen : []) {
    const fewer = chosen.filter((other) => other !== one);
    const shorter = await planWith(fewer);
    if (shorter) [chosen, found] = [fewer, shorter];
  }
  return found;
};

/** Whether a policy that changes isolates this pod in this direction, before or after. */
const isolationChanges = (turns: readonly Turn[], masks: Masks) => {
  const effects = turns.flatMap(({ before, after }) => [before, after].filter((effect) => effect !== null));
  return (endpoint: string, direction: Direction): boolean => {
    const end = direction === 'ingress' ? 'to' : 'from';
    return masks.cells.some(
      (probe, at) => probe[end] === endpoint && effects.some(({ isolated }) => has(isolated[direction], at)),
    );
  };
};
