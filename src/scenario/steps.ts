import { createNearest } from '../text.ts';
import { withDefault } from './default-namespace.ts';
import type { SourceDocument } from './document.ts';
import { millisecondsOf } from './duration.ts';
import type { Problem } from './problem.ts';
import type { Note, ReadPolicy, Step, Topology } from './scenario.ts';
import type { Repository } from './source.ts';
import { expandEstablished } from './step-established.ts';
import { expectedAfter, type Standing } from './step-expectation.ts';
import { createStepLimits } from './step-limits.ts';
import { nameOfStep, START, tellRepeatedNames } from './step-name.ts';
import { applyPolicies, deletePolicies } from './step-policies.ts';
import type { WrittenStep } from './step-schema.ts';
import { startsOf } from './step-starts.ts';
import { changeTopology } from './step-topology.ts';

/** The world before the first change, and what is expected of it. */
export interface Start {
  readonly topology: Topology;
  readonly policies: readonly ReadPolicy[];
  readonly standing: Standing;
}

export interface StepSource {
  /** Of scenario.yaml. */
  readonly path: string;
  readonly repository: Repository;
  /** The namespace of policies that name none. */
  readonly fallback: string;
}

export interface Steps {
  readonly steps: readonly [Step, ...Step[]];
  readonly notes: readonly Note[];
}

/**
 * The states that a scenario goes through: the one at its start, then one for each step, which is the state before it
 * with the step's changes. Changes that are none, or can't be made, go to `problems`. A scenario without steps has one
 * state, which has its name.
 */
export const expandSteps = async (
  document: SourceDocument,
  { scenario, written }: { readonly scenario: string; readonly written: readonly WrittenStep[] },
  start: Start,
  source: StepSource,
  problems: Problem[],
): Promise<Steps> => {
  const steps: [Step, ...Step[]] = [stepOf(written.length > 0 ? START : scenario, start, [])];
  const notes: Note[] = [];
  tellRepeatedNames(document, written, problems);
  const fits = createStepLimits(start, problems);
  let before = start;
  for (const [at, step] of written.entries()) {
    const path = ['steps', at];
    const part = document.part(path);
    const changed = await changeWorld(part, step, before, source, problems);
    if (!fits(part, changed)) break;
    for (const note of changed.notes) notes.push(note);
    const name = nameOfStep(part, step);
    const { topology } = changed;
    const standing = expectedAfter(before.standing, { document: part, written: step.expect, name }, topology, problems);
    const { enforceWithin, established } = step;
    const starts = startsOf(part, step, { before: before.topology, after: topology }, problems);
    steps.push({
      ...stepOf(name, { ...changed, standing }, path),
      ...(enforceWithin !== undefined && { withinMs: millisecondsOf(enforceWithin) }),
      ...(established && { established: expandEstablished(part, established, before.topology, problems) }),
      ...(starts && { starts }),
    });
    before = { ...changed, standing };
  }
  return { steps, notes };
};

const stepOf = (name: string, { topology, policies, standing }: Start, path: Step['path']): Step => {
  const { expected, form } = standing;
  return { name, topology, policies, expected, form, path };
};

type World = Pick<Start, 'topology' | 'policies'>;

const changeWorld = async (
  document: SourceDocument,
  step: WrittenStep,
  before: World,
  { path, repository, fallback }: StepSource,
  problems: Problem[],
): Promise<World & { readonly notes: readonly Note[] }> => {
  const filesIn = ({ namespaces }: Topology) => ({
    scenarioPath: path,
    repository,
    places: { namespaces: namespaces.map(({ name }) => name), fallback, nearest: createNearest() },
  });
  const left = await deletePolicies(document, step, before.policies, filesIn(before.topology), problems);
  const topology = changeTopology(document, step, before.topology, problems);
  const there = new Set(topology.namespaces.map(({ name }) => name));
  const kept = left.filter(({ namespace }) => there.has(namespace));
  const { policies, notes } = await applyPolicies(document, step, kept, filesIn(topology), problems);
  return { topology: withDefault(topology, policies), policies, notes };
};
