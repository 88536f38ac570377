import { areFewPodsApart, runningKey, type Scenario, type Topology } from '../scenario/index.ts';
import { pinnedIn } from './pinned.ts';

type Group = readonly Scenario[];

/** Whether a scenario can run on the pods of the one before it, changed as between two steps. */
export const canFollow = (before: Scenario, next: Scenario): boolean =>
  beginAlike(before, next) || canJoin([before], [next]);

/** Whether they begin with the same pods, whatever their labels. */
export const beginAlike = (one: Scenario, other: Scenario): boolean =>
  runningKey(startOf(one)) === runningKey(startOf(other));

/** Joins groups of other pods each, but few others, as long as no more than so many scenarios come together. */
export const joined = (groups: readonly Group[], most = Number.POSITIVE_INFINITY): readonly Group[] => {
  const chains: Group[] = [];
  for (const group of groups) {
    const at = chains.findIndex((chain) => chain.length + group.length <= most && canJoin(chain, group));
    if (at < 0) chains.push(group);
    else chains[at] = [...(chains[at] ?? []), ...group];
  }
  return chains;
};

/** A pinned address keeps a group apart: while it runs, no other may have the address. */
const canJoin = (chain: Group, group: Group): boolean => {
  const [last, next] = [chain.at(-1), group[0]];
  if (!last || !next || !areFewPodsApart(startOf(last), startOf(next))) return false;
  return pinnedIn([...chain, ...group]).size === 0;
};

const startOf = ({ steps: [first] }: Scenario): Topology => first.topology;
