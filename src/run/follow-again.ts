import { keepsPods, type ReadPolicy, type Step } from '../scenario/index.ts';
import { elapsed } from '../stopwatch.ts';
import { type Following, isUnproven } from '../streams/index.ts';
import type { Changed } from './change.ts';

/** Turns the world, in which these policies are in force, into that of a step. */
export type Make = (step: Step, inForce: readonly ReadPolicy[]) => Promise<Changed>;

/** A change is made up to so often if too little was seen of its connections. */
const ATTEMPTS = 3;

/**
 * Makes the last of these steps again where a source was too busy to show what became of a connection. What happened to
 * that one is lost, so others are opened in the world in which it was, and go through the same steps. A connection counts
 * as it was seen first; what is expected of it plays no part.
 */
export const followAgain = async (first: Changed, done: readonly Step[], make: Make): Promise<Changed> => {
  const way = wayOf(done);
  const startMs = performance.now();
  let { established } = first;
  let repeated = 0;
  while (established?.connections.some(isUnproven) && way && repeated < ATTEMPTS - 1) {
    established = merged(established, await remade(way, make));
    repeated += 1;
  }
  if (!established || repeated === 0) return first;
  const followMs = (first.timings.followMs ?? 0) + elapsed(startMs);
  return { ...first, established: { ...established, repeated }, timings: { ...first.timings, followMs } };
};

type Way = readonly [opening: Step, ...Step[]];

/** The step before the first that follows the same connections, and all up to the last; null if pods come or go on it. */
const wayOf = (done: readonly Step[]): Way | null => {
  const from = done.findLastIndex(({ established }) => !established);
  const [opening, ...others] = done.slice(Math.max(0, from)).map(untimed);
  const way = opening && ([opening, ...others] as const);
  const isSame = (one: Step, other: Step): boolean =>
    keepsPods(one.topology, other.topology) && keepsPods(other.topology, one.topology);
  return way?.slice(1).every((step, at) => isSame(way[at] as Step, step)) ? way : null;
};

/** What was recorded stays as it is. */
const untimed = ({ withinMs: _, ...step }: Step): Step => step;

const remade = async ([opening, ...steps]: Way, make: Make): Promise<Following | undefined> => {
  const { established: _, ...bare } = opening;
  let inForce = (steps.at(-1) ?? opening).policies;
  let changed: Changed | undefined;
  for (const step of [bare, ...steps]) {
    changed = await make(step, inForce);
    inForce = step.policies;
  }
  return changed?.established;
};

const merged = (before: Following, after: Following | undefined): Following => ({
  ...before,
  connections: before.connections.map((one, at) => (isUnproven(one) ? (after?.connections[at] ?? one) : one)),
});
