import { PodreachError } from '../errors.ts';
import type { ScenarioResult, StepResult } from '../matrix/index.ts';
import { judge, snapshotOf, statusOf } from '../matrix/index.ts';
import type { Progress } from '../progress.ts';
import { type ExpectedProbe, probeKey, type Scenario, writeGrid } from '../scenario/index.ts';

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
    const [step] = result.steps;
    const form = scenario?.steps[0]?.form;
    const stale = step && step.cells.length > 0 && (form === 'grid' || form === null) && result.status !== 'pass';
    updated.push(stale && scenario ? await rewrite(scenario, result, step, progress) : result);
  }
  return updated;
};

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
  scenario: Scenario,
  result: ScenarioResult,
  step: StepResult,
  progress: Progress,
): Promise<ScenarioResult> => {
  try {
    const snapshot = snapshotOf(step.cells);
    await writeGrid(scenario.file, inEitherFamily(snapshot), scenario.topology);
    progress.note(`${result.name}: wrote what was seen into ${result.file}`, 'important');
    const cells = judge(
      snapshot,
      step.cells.flatMap(({ observation }) => observation ?? []),
      step.cells.flatMap(({ model: decision, status: was, ...cell }) =>
        decision === null ? [] : [{ ...cell, decision, leftOpen: was === 'open' }],
      ),
    );
    const { name, timings, why } = step;
    const status = statusOf(cells);
    return { ...result, status, steps: [{ name, status, timings, cells, ...(why && { why }) }] };
  } catch (error) {
    if (!(error instanceof PodreachError)) throw error;
    const { message: problem, hint } = error;
    return { ...result, status: 'error', steps: [{ ...step, status: 'error', problem, ...(hint && { hint }) }] };
  }
};
