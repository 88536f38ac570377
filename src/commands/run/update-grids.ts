import { isDeepStrictEqual } from 'node:util';
import { PodreachError } from '../../errors.ts';
import type { RunEvents, RunResult, ScenarioResult, StepResult } from '../../matrix/index.ts';
import { judge, snapshotOf, statusOf, tellScenario, worst } from '../../matrix/index.ts';
import type { Progress } from '../../progress.ts';
import { type ExpectedProbe, probeKey, type Scenario, type Step, writeGrid } from '../../scenario/index.ts';

/**
 * As scenarios end, writes what was seen into those whose expectation is a grid or not written yet, and passes on their
 * results judged by the new expectation. Rules state an intent and `model` trusts the specification, so only the user
 * may change them.
 */
export const updatingGrids = (scenarios: readonly Scenario[], events: RunEvents, progress: Progress) => {
  const byFile = new Map(scenarios.map((scenario) => [scenario.file, scenario]));
  const updates = new Map<string, Promise<ScenarioResult>>();
  const update = async (result: ScenarioResult): Promise<ScenarioResult> => {
    const scenario = byFile.get(result.file);
    const updated = scenario ? await updateGridsOf(scenario, result, progress) : result;
    tellScenario(updated, events);
    return updated;
  };
  return {
    events: {
      // Reported when it is final.
      onStepEnd: () => {},
      onScenarioEnd: (result: ScenarioResult): void => {
        const updated = update(result);
        // A failure is thrown where the update is awaited.
        updated.catch(() => {});
        updates.set(result.file, updated);
      },
    } satisfies RunEvents,
    /** The result of the run, with all that was updated. */
    applied: async (result: RunResult): Promise<RunResult> => ({
      ...result,
      scenarios: await Promise.all(result.scenarios.map((one) => updates.get(one.file) ?? one)),
    }),
  };
};

/** One step after the other, because the steps share a file, and a step may keep the grid of the one before. */
const updateGridsOf = async (
  scenario: Scenario,
  result: ScenarioResult,
  progress: Progress,
): Promise<ScenarioResult> => {
  const steps: StepResult[] = [];
  for (const [index, seen] of result.steps.entries()) {
    const step = scenario.steps[index];
    const before = steps[index - 1];
    const isRewritten = before !== result.steps[index - 1] && before?.problem === undefined;
    const kept = step && isRewritten && keepsGrid(step, scenario.steps[index - 1]) ? before : undefined;
    const isDue = step && seen.cells.length > 0 && (kept || isStale(step, seen));
    steps.push(isDue ? await rewrite(scenario, step, seen, kept, progress) : seen);
  }
  if (steps.every((step, index) => step === result.steps[index])) return result;
  return { ...result, status: worst(steps.map(({ status }) => status)), steps };
};

const isStale = ({ form }: Step, { status }: StepResult): boolean =>
  (form === 'grid' || form === null) && status !== 'pass';

const keepsGrid = ({ form, expected }: Step, before: Step | undefined): boolean =>
  form === 'grid' && expected === before?.expected;

/** A grid holds for both families: nothing is expected of a cell if that is so in one. Throws a PodreachError if they differ. */
const inEitherFamily = (snapshot: readonly ExpectedProbe[]): readonly ExpectedProbe[] => {
  const byCell = Map.groupBy(snapshot, ({ family: _family, ...probe }) => probeKey(probe));
  return [...byCell].map(([cell, [first, second]]) => {
    const exempt = [first, second].find((one) => one?.expectation === null);
    const common = exempt ?? (!second || second.expectation === first?.expectation ? first : undefined);
    if (common) {
      const { family: _family, ...probe } = common;
      return probe;
    }
    throw new PodreachError(`IPv4 and IPv6 differ in ${cell}, which a grid can't express`, {
      hint: 'write rules that name the family',
    });
  });
};

/**
 * The result judged by the new expectation. If something was not seen for certain, nothing is written and the result
 * says so.
 * @param kept The step before, if this one keeps its new grid; a grid of its own is written only if they differ.
 */
const rewrite = async (
  { name: scenario, file }: Scenario,
  step: Step,
  seen: StepResult,
  kept: StepResult | undefined,
  progress: Progress,
): Promise<StepResult> => {
  try {
    const snapshot = snapshotOf(seen.cells);
    const grid = inEitherFamily(snapshot);
    if (!kept || !isDeepStrictEqual(grid, inEitherFamily(snapshotOf(kept.cells)))) {
      await writeGrid(file, grid, step);
      progress.note(`${scenario}: wrote what was seen into ${file}`, 'important');
    }
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
    return { ...seen, status: 'error', problem, ...(hint && { hint }), remarks: [] };
  }
};
