import { PodreachError } from '../errors.ts';
import type { ScenarioResult, StepResult } from '../matrix/index.ts';
import { judge, snapshotOf, statusOf, worst } from '../matrix/index.ts';
import type { Progress } from '../progress.ts';
import { type ExpectedProbe, probeKey, type Scenario, type Step, writeGrid } from '../scenario/index.ts';

/**
 * Writes what was seen into the scenarios whose expectation is a grid, or is not written yet. Rules state an intent and
 * `model` trusts the specification, so they are the user's to change.
 */
export const updateGrids = async (
  scenarios: readonly Scenario[],
  results: readonly ScenarioResult[],
  progress: Progress,
): Promise<ScenarioResult[]> => {
  const byFile = new Map(scenarios.map((scenario) => [scenario.file, scenario]));
  const updated: ScenarioResult[] = [];
  for (const result of results) {
    const scenario = byFile.get(result.file);
    updated.push(scenario ? await updateGridsOf(scenario, result, progress) : result);
  }
  return updated;
};

/** One step after the other, because they share a file. */
const updateGridsOf = async (
  scenario: Scenario,
  result: ScenarioResult,
  progress: Progress,
): Promise<ScenarioResult> => {
  const steps: StepResult[] = [];
  for (const [index, seen] of result.steps.entries()) {
    const step = scenario.steps[index];
    steps.push(step && isStale(step, seen) ? await rewrite(scenario, step, seen, progress) : seen);
  }
  if (steps.every((step, index) => step === result.steps[index])) return result;
  return { ...result, status: worst(steps.map(({ status }) => status)), steps };
};

const isStale = ({ form }: Step, { cells, status }: StepResult): boolean =>
  cells.length > 0 && (form === 'grid' || form === null) && status !== 'pass';

/** A grid is for both families. Throws a PodreachError where they differ. */
const inEitherFamily = (snapshot: readonly ExpectedProbe[]): readonly ExpectedProbe[] => {
  const byCell = Map.groupBy(snapshot, ({ family: _family, ...probe }) => probeKey(probe));
  return [...byCell].map(([cell, [first, second]]) => {
    if (first && (!second || second.expectation === first.expectation)) {
      const { family: _family, ...probe } = first;
      return probe;
    }
    throw new PodreachError(`IPv4 and IPv6 differ in ${cell}, which a grid can't tell`, {
      hint: 'write rules, and name the family in them',
    });
  });
};

/** The result as it is by the new expectation; what was seen with uncertainty is not written, and the result says so. */
const rewrite = async (
  { name: scenario, file }: Scenario,
  step: Step,
  seen: StepResult,
  progress: Progress,
): Promise<StepResult> => {
  try {
    const snapshot = snapshotOf(seen.cells);
    await writeGrid(file, inEitherFamily(snapshot), step);
    progress.note(`${scenario}: wrote what was seen into ${file}`);
    const cells = judge(
      snapshot,
      seen.cells.flatMap(({ observation }) => observation ?? []),
      seen.cells.flatMap(({ model: decision, status: was, ...cell }) =>
        decision === null ? [] : [{ ...cell, decision, leftOpen: was === 'open' }],
      ),
    );
    const { name, timings, why } = seen;
    return { name, status: statusOf(cells), timings, cells, ...(why && { why }) };
  } catch (error) {
    if (!(error instanceof PodreachError)) throw error;
    const { message: problem, hint } = error;
    return { ...seen, status: 'error', problem, ...(hint && { hint }) };
  }
};
