import { modelOf, type Situation } from '../matrix/index.ts';
import type { NetworkPolicy, Probe } from '../model/index.ts';
import { probeKey } from '../scenario/index.ts';
import { type Newcomer, type Stage, stageOf } from './candidates.ts';
import { type ChangedCell, changedCells } from './changed-cells.ts';
import type { Mutant } from './mutations.ts';
import { type SameMutant, whySame } from './why-same.ts';

/** A cell that would notice mutants, and what has to be expected of it. */
export interface Witness extends Probe {
  readonly expectation: 'allow' | 'deny';
  readonly notices: readonly Mutant[];
  /** The ends of it that the scenario lacks. */
  readonly newcomers: Readonly<Partial<Record<'from' | 'to', Newcomer>>>;
}

/** What mutants that no expected cell notices would change. Each is in one of the lists. */
export interface Witnesses {
  /** The fewest cells found between the scenario's own pods and hosts. */
  readonly witnesses: readonly Witness[];
  /** The same for those that no such cell notices: with pods and hosts that the scenario lacks. */
  readonly beyond: readonly Witness[];
  /** No cell tells them from the policy. */
  readonly same: readonly SameMutant[];
}

/** Finds cells that these mutants change, each time taking the one that most of the others change too. */
export const findWitnesses = (
  situation: Situation & { readonly families: NonNullable<Situation['families']> },
  mutants: readonly Mutant[],
): Witnesses => {
  if (mutants.length === 0) return { witnesses: [], beyond: [], same: [] };
  const specs = situation.policies.map(({ spec }) => spec);
  const stage = stageOf(situation.topology, specs);
  const models = situation.families.map((family) => ({
    model: modelOf({ ...situation, topology: stage.topology }, family),
    inFamily: situation.families.length > 1 ? { family } : {},
  }));
  const cells = new Map<string, Changed>();
  for (const { model, inFamily } of models)
    for (const mutant of mutants)
      for (const { expectation, ...probe } of changedCells(model, specs, mutatedSpecs(specs, mutant), stage)) {
        const own = { ...probe, ...inFamily };
        const cell = cells.get(probeKey(own)) ?? { probe: own, expectation, mutants: new Set() };
        cells.set(probeKey(own), cell);
        cell.mutants.add(mutant);
      }
  const strangeness = ({ probe: { from, to } }: Changed): number =>
    Number(stage.newcomers.has(from)) + Number(stage.newcomers.has(to));
  const ordered = [...cells.values()].sort((one, other) => strangeness(one) - strangeness(other));
  const there = fewest(
    ordered.filter((cell) => strangeness(cell) === 0),
    mutants,
    stage,
  );
  const others = fewest(ordered, there.left, stage);
  const changes = (was: readonly NetworkPolicy[], is: readonly NetworkPolicy[]): boolean =>
    models.some(({ model }) => !changedCells(model, was, is, stage).next().done);
  return {
    witnesses: there.witnesses,
    beyond: others.witnesses,
    same: others.left.map((mutant) => ({ mutant, why: whySame(mutant, situation.policies, changes) })),
  };
};

interface Changed extends Pick<ChangedCell, 'expectation'> {
  readonly probe: Probe;
  readonly mutants: Set<Mutant>;
}

const mutatedSpecs = (specs: readonly NetworkPolicy[], { policy, spec }: Mutant): readonly NetworkPolicy[] =>
  specs.flatMap((one) => (one === policy.spec ? (spec ?? []) : one));

/** Cells that together notice as many of the mutants as any do, and those that none does. */
const fewest = (cells: readonly Changed[], mutants: readonly Mutant[], { newcomers }: Stage) => {
  const left = new Set(mutants);
  const witnesses: Witness[] = [];
  for (;;) {
    const [best] = cells
      .map((cell) => ({ cell, notices: [...cell.mutants].filter((mutant) => left.has(mutant)) }))
      .sort((one, other) => other.notices.length - one.notices.length);
    if (!best || best.notices.length === 0) return { witnesses, left: [...left] };
    for (const mutant of best.notices) left.delete(mutant);
    const { probe, expectation } = best.cell;
    const [from, to] = [newcomers.get(probe.from), newcomers.get(probe.to)];
    witnesses.push({
      ...probe,
      expectation,
      notices: best.notices,
      newcomers: { ...(from && { from }), ...(to && { to }) },
    });
  }
};
