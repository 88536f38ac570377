/** `podreach compare --plan`: the order in which to apply a change. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { ComparedStep } from '../../compare/index.ts';
import { PodreachError } from '../../errors.ts';
import type { ShownRollout } from '../../report/index.ts';
import { type Action, CHANGES_AT_MOST, changesBetween, planRollout } from '../../rollout/index.ts';
import { matrixOf } from '../../scenario/index.ts';

/** Every state between is looked at cell by cell. */
const CELLS_AT_MOST = 50_000;

/** A plan, with the states that it leads from and to. */
export interface Planned extends Omit<ShownRollout, 'proofs'> {
  readonly states: readonly [before: ComparedStep, after: ComparedStep];
}

/** Plans the way from one state to the other, and writes its numbered manifests into a new folder. */
export const plan = async (
  states: readonly [ComparedStep, ComparedStep],
  folder: string,
  signal: AbortSignal,
): Promise<Planned> => {
  const [before, after] = states;
  const { length } = changesBetween(before.policies, after.policies);
  if (length > CHANGES_AT_MOST)
    throw new PodreachError(`${length} policies differ, but --plan finds an order for at most ${CHANGES_AT_MOST}`, {
      hint: 'plan the change in parts, such as one namespace at a time',
    });
  if (matrixOf(after.topology).cells > CELLS_AT_MOST)
    throw new PodreachError(`--plan looks at each cell, and there are more than ${CELLS_AT_MOST}`, {
      hint: 'plan the change in parts, such as one namespace at a time',
    });
  const rollout = await planRollout(before, after, async () => {
    await nextTurn();
    if (signal.aborted) throw new PodreachError('planning was interrupted');
  });
  const actions = rollout.actions ?? [];
  const digits = String(actions.length).length;
  const files = actions.map((action, at) => join(folder, `${String(at + 1).padStart(digits, '0')}-${fileOf(action)}`));
  if (actions.length > 0) await mkdir(folder, { recursive: true });
  for (const [at, action] of actions.entries()) await writeFile(files[at] ?? '', textOf(action));
  return { ...rollout, files, states };
};

const fileOf = (action: Action): string => {
  const name = 'temporary' in action ? `${action.temporary.namespace}-${action.temporary.name}` : action.policy.name;
  return `${action.kind.replace('-temporary', '')}-${name.replace('/', '-')}.yaml`;
};

/** What is only deleted needs no spec. */
const textOf = (action: Action): string => {
  const { namespace, name, manifest } = 'temporary' in action ? action.temporary : sideOf(action);
  const { apiVersion, kind, metadata, spec } = manifest;
  const isApplied = action.kind.startsWith('apply');
  const named = { ...(isApplied ? (metadata as object) : {}), name, namespace };
  // As kubectl reads it: a label `y` is quoted.
  return stringify({ apiVersion, kind, metadata: named, ...(isApplied && { spec }) }, { version: '1.1' });
};

const sideOf = ({ policy: { before, after } }: Extract<Action, { policy: unknown }>) => {
  const side = after ?? before;
  if (!side) throw new RangeError('a change has no side');
  return side;
};
