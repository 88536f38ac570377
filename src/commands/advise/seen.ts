import { PodreachError } from '../../errors.ts';
import type { Cell, RunResult } from '../../matrix/index.ts';
import { endsOf, type Scenario, type Step, sourcesOf } from '../../scenario/index.ts';
import { listed, printable } from '../../text.ts';

interface Place {
  readonly file: string;
  readonly scenario: Scenario;
  readonly step: Step;
}

/**
 * What a report saw of the pods of a step: in the step of that name of the scenario of that name, or in the only one that
 * there is. Throws a PodreachError if it saw nothing of them.
 */
export const seenIn = (result: RunResult, { file, scenario, step }: Place): readonly Cell[] => {
  const shown = printable(file);
  if (result.predicted)
    throw new PodreachError(`${shown} has predictions, but --observed takes what was seen`, {
      hint: 'write it with `podreach run` or `podreach probe --reporter json`; for predictions leave --observed out',
    });
  const seen = only(result.scenarios, scenario.name);
  const matrix = seen && only(seen.steps, step.name);
  if (!matrix) {
    const names = (seen?.steps ?? result.scenarios).map(({ name }) => name);
    const what = seen ? `step ${step.name}` : `scenario ${scenario.name}`;
    throw new PodreachError(`${shown} has no ${printable(what)}`, { hint: `it has ${printable(listed(names))}` });
  }
  const ends = new Set([...endsOf(step.topology), ...sourcesOf(step.topology)].map(({ endpoint }) => endpoint));
  const own = matrix.cells.filter(({ from, to, observed }) => ends.has(from) && ends.has(to) && observed !== null);
  if (own.length > 0) return own;
  throw new PodreachError(`${shown} saw nothing of the pods of ${scenario.file}`, {
    hint: `it has ${printable(listed([...new Set(matrix.cells.map(({ from }) => from))], 5))}`,
  });
};

const only = <Named extends { readonly name: string }>(all: readonly Named[], name: string): Named | undefined =>
  all.length === 1 ? all[0] : all.find((one) => one.name === name);
