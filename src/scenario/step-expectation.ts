import type { SourceDocument } from './document.ts';
import type { WrittenExpect } from './expect-schema.ts';
import { expandExpectation } from './expectation.ts';
import type { Problem } from './problem.ts';
import { fitsRules } from './rule-limits.ts';
import type { Step, Topology } from './scenario.ts';
import { endsOf, sourcesOf } from './topology.ts';

type Expectations = Pick<Step, 'expected' | 'form'>;

/** An expectation in force, which the steps after it keep unless they have their own. */
export interface Standing extends Expectations {
  readonly written: WrittenExpect | undefined;
  /** The part of scenario.yaml that has the key `expect`. */
  readonly document: SourceDocument;
  readonly topology: Topology;
}

/** The expectation that stands at a place, for this topology. Errors go to `problems`. */
export const standingAt = (
  document: SourceDocument,
  written: WrittenExpect | undefined,
  topology: Topology,
  problems: Problem[],
): Standing => ({ document, written, topology, ...expandExpectation(document, written, topology, problems) });

/**
 * What a step without `expect` keeps: rules, which then apply to its own endpoints, the word `model`, or a grid of the
 * same endpoints. A grid of others says nothing any more.
 */
const keptFrom = (before: Standing, topology: Topology, step: string, problems: Problem[]): Standing => {
  const { document, written, form } = before;
  if (topology === before.topology) return before;
  if (form === 'grid') {
    const isSame = shapeOf(topology) === shapeOf(before.topology);
    return isSame ? { ...before, topology } : standingAt(document, undefined, topology, problems);
  }
  const own: Problem[] = [];
  const standing = standingAt(document, written, topology, own);
  for (const { message, ...place } of own)
    problems.push({ ...place, message: `${message} (in the step ${step}, which keeps this expectation)` });
  return standing;
};

/** What rows and columns a matrix has. */
const shapeOf = (topology: Topology): string =>
  JSON.stringify([
    endsOf(topology).map(({ endpoint, ports }) => [endpoint, ports]),
    sourcesOf(topology).map(({ endpoint }) => endpoint),
  ]);

/** What is expected in a step; its document is the step itself. Errors go to `problems`. */
export const expectedAfter = (
  before: Standing,
  step: { readonly document: SourceDocument; readonly written: WrittenExpect | undefined; readonly name: string },
  topology: Topology,
  problems: Problem[],
): Standing => {
  const { document, written, name } = step;
  if (written === undefined) return keptFrom(before, topology, name, problems);
  const isRules = typeof written === 'object';
  if (isRules && !fitsRules(document.part(['expect']), written, problems))
    return standingAt(document, undefined, topology, problems);
  return standingAt(document, written, topology, problems);
};
