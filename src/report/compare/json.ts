import type { CellGroup, ComparedResult, Comparison } from '../../compare/index.ts';
import { stepObject } from '../json-step.ts';
import { jsonParts } from '../json-text.ts';
import { rolloutObject } from '../rollout/json.ts';
import type { ShownRollout } from '../rollout/shown.ts';

/** The name of the contract, which changes if a reader of the old one would break. */
const SCHEMA = 'podreach/compare/v1';

/** A comparison for machines, as docs/compare.md describes it, in parts. */
export const comparedJson = (
  { before, after, forbidden, added, removed, comparisons }: ComparedResult,
  rollout?: ShownRollout,
): Iterable<string> =>
  jsonParts({
    ...{ schema: SCHEMA, before, after, forbidden, added, removed },
    comparisons: comparisons.values().map(comparisonObject),
    rollout: rollout && rolloutObject(rollout),
  });

/** One comparison in podreach/compare/v1. */
export const comparisonObject = ({ name, before, after, counts, policies, ends, groups, live }: Comparison) => ({
  ...{ name, before, after, counts, policies, ends },
  live: live && { status: live.status, untimed: live.untimed, steps: live.steps.values().map(stepObject) },
  groups: groups.values().map(groupObject),
});

const groupObject = (group: CellGroup) => {
  const { change, from, to, ports, family, cells, before, after, causes, doubt, wanted = false, live } = group;
  return { change, before, after, cells, wanted, from, to, ports, family, doubt, causes, live };
};
