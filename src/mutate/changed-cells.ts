import {
  compareCells,
  type Endpoint,
  type Model,
  type NetworkPolicy,
  type Probe,
  withPolicies,
} from '../model/index.ts';
import type { Stage } from './candidates.ts';

/** A cell that a mutant turns, with what it is without the mutant. */
export interface ChangedCell extends Probe {
  readonly expectation: 'allow' | 'deny';
}

/** Members of a class are alike, so a few are enough. */
const OF_EACH_CLASS = 2;
/** Of those between ends that are there, and of the others. */
const CELLS_AT_MOST = 5_000;

/** Some cells that differ between two sets of policies; those between ends that are there are not left out for others. */
export function* changedCells(
  model: Model,
  was: readonly NetworkPolicy[],
  is: readonly NetworkPolicy[],
  { ports, newcomers }: Stage,
): Generator<ChangedCell> {
  const portsOf = () => ports;
  const isNew = (name: string): boolean => newcomers.has(name);
  const ownFirst = (names: readonly string[]): readonly string[] =>
    names.toSorted((one, other) => Number(isNew(one)) - Number(isNew(other))).slice(0, OF_EACH_CLASS);
  const sideWith = (policies: readonly NetworkPolicy[]) => ({ model: withPolicies(model, policies), portsOf });
  const found = { there: 0, new: 0 };
  for (const { from, to, port, before, after } of compareCells(sideWith(was), sideWith(is), isProbed)) {
    if (before === null || after === null || before === 'unknown' || after === 'unknown' || before === after) continue;
    for (const source of from.flatMap(({ names }) => ownFirst(names)))
      for (const target of to.flatMap(ownFirst)) {
        const kind = isNew(source) || isNew(target) ? 'new' : 'there';
        if (source === target || found[kind] >= CELLS_AT_MOST) continue;
        found[kind] += 1;
        yield { from: source, to: target, port: port.number, protocol: port.protocol, expectation: before };
      }
  }
}

/** Policies do not reach what shares a node's network, and hosts are not probed from each other. */
const isProbed = (from: Endpoint, to: Endpoint): boolean =>
  !from.hostNetwork && !to.hostNetwork && !(from.kind === 'host' && to.kind === 'host');
