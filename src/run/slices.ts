import type { Scenario } from '../scenario/index.ts';
import { joined } from './join.ts';
import { pinnedIn } from './pinned.ts';

/** Pods of one's own cost as much as probing a few scenarios. */
const LEAST_PER_SLICE = 8;

/**
 * Divides groups of scenarios, each for one set of pods, so that every worker has some to do: each slice has pods of its
 * own. A group that pins pods to addresses stays whole, because a cluster has each address once. What is less than a
 * worker's share is joined where few pods differ. The largest slices come first, so that no worker is left alone with one
 * at the end.
 */
export const slicesOf = (
  groups: readonly (readonly Scenario[])[],
  workers: number,
): readonly (readonly Scenario[])[] => {
  const count = groups.reduce((total, { length }) => total + length, 0);
  const share = Math.ceil(count / workers);
  const most = Math.max(LEAST_PER_SLICE, share);
  const slices = groups.flatMap((group) => (pinnedIn(group).size > 0 ? [group] : inSlices(group, most)));
  return joined(slices, share).toSorted((one, other) => other.length - one.length);
};

/** As few slices as hold at most so many each, all of about the same size. */
const inSlices = (group: readonly Scenario[], most: number): readonly (readonly Scenario[])[] => {
  const slices = Math.ceil(group.length / most);
  const size = Math.ceil(group.length / slices);
  return Array.from({ length: slices }, (_, index) => group.slice(index * size, (index + 1) * size));
};
