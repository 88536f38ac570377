/** Results of steps, with where their evidence is. */
import type { Deployment } from '../deploy/index.ts';
import type { ScenarioResult, StepResult } from '../matrix/index.ts';
import { timed } from '../stopwatch.ts';
import type { Stage } from './stage.ts';

type EvidenceStage = Pick<Stage, 'evidence' | 'signal' | 'count'>;

/**
 * The result of a step, with the folder of its evidence if it did not pass. Its pods and policies must still be there.
 * @param deployment Absent if its pods did not come up.
 */
export const withEvidence = async (
  step: StepResult,
  { name }: Pick<ScenarioResult, 'name'>,
  { evidence, signal, count }: EvidenceStage,
  deployment?: Deployment,
): Promise<StepResult> => {
  // What broke the whole run gets evidence once.
  if (!evidence || step.status === 'pass' || signal.aborted) return step;
  count?.phase('collecting evidence of');
  const { value: folder, ms: evidenceMs } = await timed(() =>
    evidence.collect({
      ...{ scenario: name, step: step.name, status: step.status, cells: step.cells },
      ...(step.problem !== undefined && { problem: step.problem }),
      ...(deployment && { placed: deployment }),
    }),
  );
  return folder === undefined ? step : { ...step, evidence: folder, timings: { ...step.timings, evidenceMs } };
};

/** The result of a scenario that broke in its last step. */
export const withLastEvidence = async (
  result: ScenarioResult,
  stage: EvidenceStage,
  deployment?: Deployment,
): Promise<ScenarioResult> => {
  const last = result.steps.at(-1);
  if (!last) return result;
  return { ...result, steps: [...result.steps.slice(0, -1), await withEvidence(last, result, stage, deployment)] };
};
