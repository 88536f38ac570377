import { modelOf, type Situation } from '../matrix/index.ts';
import {
  compareCells,
  type Endpoint,
  type Model,
  type NetworkPolicy,
  type Probe,
  withPolicies,
} from '../model/index.ts';
import { probeKey } from '../scenario/index.ts';
import { type Newcomer, type Stage, stageOf } from './candidates.ts';
import type { Mutant } from './mutations.ts';

/** A cell that would notice mutants, and what has to be expected of it. */
export interface Witness extends Probe {
  readonly expectation: 'allow' | 'deny';
  readonly notices: readonly Mutant[];
  /** The ends of it that the scenario lacks. */
  readonly newcomers: Readonly<Partial<Record<'from' | 'to', Newcomer>>>;
}

/** The fewest cells found, and the mutants that no cell tells from the policy. */
export interface Witnesses {
  readonly witnesses: readonly Witness[];
  readonly same: readonly Mutant[];
}

/** Members of a class are alike, so a few are enough. */
const OF_EACH_CLASS = 2;
const CELLS_AT_MOST = 5_000;

/** Finds cells that these mutants change, each time taking the one that most of the others change too. */
export const findWitnesses = (
  situation: Situation & { readonly families: NonNullable<Situation['families']> },
  mutants: readonly Mutant[],
): Witnesses => {
  const specs = situation.policies.map(({ spec }) => spec);
  const stage = stageOf(situation.topology, specs);
  const cells = new Map<
    string,
    { readonly probe: Probe; readonly expectation: 'allow' | 'deny'; readonly mutants: Set<Mutant> }
  >();
  for (const family of situation.families) {
    const model = modelOf({ ...situation, topology: stage.topology }, family);
    const inFamily = situation.families.length > 1 ? { family } : {};
    for (const mutant of mutants) {
      for (const { expectation, ...probe } of changedCells(model, specs, mutant, stage)) {
        const own = { ...probe, ...inFamily };
        const key = probeKey(own);
        const cell = cells.get(key) ?? { probe: own, expectation, mutants: new Set() };
        cells.set(key, cell);
        cell.mutants.add(mutant);
      }
    }
  }
  const isNew = (end: string): number => Number(stage.newcomers.has(end));
  const strangeness = ({ from, to }: Probe): number => isNew(from) + isNew(to);
  const ordered = [...cells.values()].sort((one, other) => strangeness(one.probe) - strangeness(other.probe));
  const left = new Set(mutants);
  const witnesses: Witness[] = [];
  for (;;) {
    const [best] = ordered
      .map((cell) => ({ cell, notices: [...cell.mutants].filter((mutant) => left.has(mutant)) }))
      .sort((one, other) => other.notices.length - one.notices.length);
    if (!best || best.notices.length === 0) break;
    for (const mutant of best.notices) left.delete(mutant);
    const { probe, expectation } = best.cell;
    const [from, to] = [stage.newcomers.get(probe.from), stage.newcomers.get(probe.to)];
    witnesses.push({
      ...probe,
      expectation,
      notices: best.notices,
      newcomers: { ...(from && { from }), ...(to && { to }) },
    });
  }
  return { witnesses, same: [...left] };
};

/** Some cells that a mutant turns, with what they are without it. */
function* changedCells(
  model: Model,
  specs: readonly NetworkPolicy[],
  { policy, spec }: Mutant,
  { ports, newcomers }: Stage,
): Generator<Probe & { readonly expectation: 'allow' | 'deny' }> {
  const mutated = withPolicies(
    model,
    specs.flatMap((one) => (one === policy.spec ? (spec ?? []) : one)),
  );
  const portsOf = () => ports;
  const ownFirst = (names: readonly string[]): readonly string[] =>
    names.toSorted((one, other) => Number(newcomers.has(one)) - Number(newcomers.has(other))).slice(0, OF_EACH_CLASS);
  let found = 0;
  for (const { from, to, port, before, after } of compareCells(
    { model, portsOf },
    { model: mutated, portsOf },
    isProbed,
  )) {
    if (before === null || after === null || before === 'unknown' || after === 'unknown' || before === after) continue;
    for (const source of from.flatMap(({ names }) => ownFirst(names)))
      for (const target of to.flatMap(ownFirst)) {
        if (source === target) continue;
        yield { from: source, to: target, port: port.number, protocol: port.protocol, expectation: before };
        found += 1;
        if (found >= CELLS_AT_MOST) return;
      }
  }
}

/** Policies do not reach what shares a node's network, and hosts are not probed from each other. */
const isProbed = (from: Endpoint, to: Endpoint): boolean =>
  !from.hostNetwork && !to.hostNetwork && !(from.kind === 'host' && to.kind === 'host');
