import type { Path } from '../policy.ts';

/**
 * A place in a manifest. Each path has one object, shared by all manifests, because many policies have the same places.
 */
export interface Spot {
  readonly path: Path;
  next: Map<string | number, Spot> | null;
}

/** The manifest itself. */
export const TOP: Spot = { path: [], next: null };

/** The place one key or list position deeper. */
export const at = (spot: Spot, step: string | number): Spot => spot.next?.get(step) ?? remember(spot, step);

/**
 * Places beyond this number are not cached: label keys would fill the memory of a process that reads policies all day.
 */
const MOST_KEPT = 20_000;
let kept = 0;

const remember = (spot: Spot, step: string | number): Spot => {
  const made: Spot = { path: Object.freeze([...spot.path, step]), next: null };
  if (kept >= MOST_KEPT) return made;
  kept += 1;
  spot.next ??= new Map();
  spot.next.set(step, made);
  return made;
};
