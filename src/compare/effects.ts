import { compareCells, DIRECTIONS, isolates, type Model, type NetworkPolicy, withPolicies } from '../model/index.ts';
import { isBetween } from './between.ts';
import type { ChangedPolicy } from './policies.ts';
import type { CellGroup, PolicyChange } from './result.ts';
import type { FamilyState } from './state.ts';

/** Each is tried by itself on all cells, so fewer where there are more endpoints. */
const TRIED_AT_MOST = 100;
const ENDPOINTS_AT_MOST = 30_000;

/**
 * Which of the changed policies make no difference: the matrix is the same with this change alone as without any, and
 * with all changes but this one as with all.
 * @param known Whether they make none; null if that is to be found out.
 */
export const withoutEffect = (
  changed: readonly ChangedPolicy[],
  groups: readonly CellGroup[],
  sides: readonly (readonly [FamilyState, FamilyState])[],
  known: boolean | null,
): ReadonlyMap<string, PolicyChange['without']> => {
  const told = new Set(groups.flatMap(({ causes }) => causes.map(({ policy }) => policy)));
  const silent = changed.filter(({ name }) => !told.has(name)).slice(0, mostTried(sides));
  return new Map(
    silent
      .filter((policy) => known ?? sides.every((pair) => isWithoutEffect(policy, pair)))
      .map((policy) => [policy.name, selectsNobody(policy, sides) ? 'pod' : 'effect']),
  );
};

const mostTried = (sides: readonly (readonly [FamilyState, FamilyState])[]): number => {
  const endpoints = sides.reduce((sum, [, { model }]) => sum + model.endpoints.size, 1);
  return Math.min(TRIED_AT_MOST, Math.ceil(ENDPOINTS_AT_MOST / endpoints));
};

const isWithoutEffect = ({ before, after }: ChangedPolicy, [was, is]: readonly [FamilyState, FamilyState]): boolean =>
  isSame(was, was.model, replaced(was.model, before?.spec, after?.spec)) &&
  isSame(is, is.model, replaced(is.model, after?.spec, before?.spec));

const replaced = (model: Model, old: NetworkPolicy | undefined, fresh: NetworkPolicy | undefined): Model =>
  withPolicies(model, [...model.policies.filter((policy) => policy !== old), ...(fresh ? [fresh] : [])]);

const isSame = ({ portsOf }: FamilyState, one: Model, other: Model): boolean => {
  for (const { untouched } of compareCells({ model: one, portsOf }, { model: other, portsOf }, isBetween))
    if (!untouched) return false;
  return true;
};

const selectsNobody = (
  { before, after }: ChangedPolicy,
  sides: readonly (readonly [FamilyState, FamilyState])[],
): boolean =>
  [before, after].every((policy) =>
    sides.every((pair) =>
      pair.every(
        ({ model }) =>
          !policy ||
          ![...model.endpoints.values()].some((end) =>
            DIRECTIONS.some((direction) => isolates(policy.spec, end, direction)),
          ),
      ),
    ),
  );
