import { type Cells, type Effect, openCells } from './cell-masks.ts';

/** One change of a cluster: a policy that is there before, after, or both. */
export interface Turn {
  readonly before: Effect | null;
  readonly after: Effect | null;
}

/** The cells that are wrong in a state between. */
export interface Harm {
  /** Allowed before and after, but not now. */
  readonly cut: Cells;
  /** Blocked before and after, but not now. */
  readonly leaked: Cells;
}

export interface Rules {
  /** Policies that are there all the time. */
  readonly constant: readonly Effect[];
  readonly turns: readonly Turn[];
  readonly all: Cells;
  /** Cells that prove nothing. */
  readonly ignored: Cells;
}

/** Every state between, with some turns done, bit by bit, and the others not. */
export interface States {
  /** The cells that have to be open all the time, and those that must never be. */
  readonly stays: Cells;
  readonly never: Cells;
  /** What is wrong in a state, while these policies are there for now. */
  harmIn(done: number, temporary?: readonly Effect[]): Harm;
}

export const createStates = ({ constant, turns, all, ignored }: Rules): States => {
  const openAt = (done: number, temporary: readonly Effect[] = []): Cells => {
    const changing = turns.flatMap(({ before, after }, at) => (isDone(done, at) ? after : before) ?? []);
    return openCells([...constant, ...temporary, ...changing], all);
  };
  const [first, last] = [openAt(0), openAt(2 ** turns.length - 1)];
  const [stays, never] = [first & last & ~ignored, all & ~first & ~last & ~ignored];
  return {
    stays,
    never,
    harmIn: (done, temporary) => {
      const open = openAt(done, temporary);
      return { cut: stays & ~open, leaked: never & open };
    },
  };
};

const isDone = (done: number, at: number): boolean => (done & (1 << at)) !== 0;

export const isHarmless = ({ cut, leaked }: Harm): boolean => cut === 0n && leaked === 0n;

const STATES_AT_MOST = 200_000;

const STATES_WITHOUT_PAUSE = 256;

/**
 * An order of so many turns in which no state between does harm, as their numbers; null if there is none; undefined if
 * there are too many states to know. `pause` is called now and then, and ends the search if it rejects.
 */
export const findOrder = async (
  turns: number,
  harmIn: (done: number) => Harm,
  pause: () => Promise<unknown>,
): Promise<readonly number[] | null | undefined> => {
  const all = 2 ** turns - 1;
  const seen = new Set<number>([0]);
  const path: number[] = [];
  const search = async (done: number): Promise<boolean> => {
    if (done === all) return true;
    for (let at = 0; at < turns; at += 1) {
      const next = done | (1 << at);
      if (seen.has(next) || seen.size >= STATES_AT_MOST) continue;
      seen.add(next);
      if (seen.size % STATES_WITHOUT_PAUSE === 0) await pause();
      if (!isHarmless(harmIn(next))) continue;
      path.push(at);
      if (await search(next)) return true;
      path.pop();
    }
    return false;
  };
  await pause();
  if (await search(0)) return path;
  return seen.size >= STATES_AT_MOST ? undefined : null;
};
