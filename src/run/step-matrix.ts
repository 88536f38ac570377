import type { Deployment } from '../deploy/index.ts';
import type { Lateness } from '../matrix/index.ts';
import type { ReadPolicy } from '../scenario/index.ts';
import { type Matrix, takeMatrix } from './matrix.ts';
import { takeRepeatedly } from './repeats.ts';
import type { Cells } from './sample.ts';
import { type FollowedChange, takeSettled } from './settled-matrix.ts';
import type { Stage } from './stage.ts';

/** Of all cells of a step, and as often as the run asks for. */
export interface StepMatrix extends Matrix {
  readonly late?: Lateness;
}

/**
 * Takes the matrix of a step once its change shows in it. Throws a PodreachError if the policies, or the labels that they
 * select by, are not those of the step any more.
 * @param followed Absent if the cells that change were awaited otherwise.
 */
export const takeStepMatrix = async (
  deployment: Deployment,
  { probes, predicted }: Pick<Cells, 'probes' | 'predicted'>,
  policies: readonly ReadPolicy[],
  followed: FollowedChange | undefined,
  stage: Stage,
): Promise<StepMatrix> => {
  const { timeoutMs, retries, window, signal, count, repeatEach = 1, settleTimeoutMs } = stage;
  const canary = await stage.canary;
  count?.phase('probing');
  // Where a matrix is repeated, the others are no more cells.
  const onProbed = count?.probing(probes.length);
  const options = { timeoutMs, retries, window, signal, onProbed };
  const take = (some = probes) => takeMatrix(deployment, canary, some, options);
  const requireWorld = () => Promise.all([deployment.requirePolicies(), deployment.requireLabels(policies)]);
  const beforeWaiting = async (): Promise<void> => {
    count?.phase('waiting for late cells of');
    await requireWorld();
  };
  const { matrix, late } = followed
    ? await takeSettled(take, predicted, followed, { settleTimeoutMs, signal, beforeWaiting })
    : { matrix: await take() };
  const repeated = await takeRepeatedly(repeatEach, take, matrix);
  await requireWorld();
  return { ...repeated, ...(late && { late }) };
};
