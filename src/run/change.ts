import type { Deployment } from '../deploy/index.ts';
import type { Timings } from '../matrix/index.ts';
import type { Recording } from '../record/index.ts';
import { keepsPods, type ReadPolicy, type Step } from '../scenario/index.ts';
import { type Canary, LateNodes } from '../settle/index.ts';
import { elapsed, timed } from '../stopwatch.ts';
import { situationOf } from './addresses.ts';
import { changePods } from './change-pods.ts';
import { nodesOf } from './matrix.ts';
import { type RecordedChange, recordChange } from './record-change.ts';
import type { Stage } from './stage.ts';
import { watchListOf } from './watch-list.ts';

export interface Changed {
  /** Of the step. */
  readonly timings: Timings;
  readonly baselineMs: number;
  /** Absent if nothing was recorded. */
  readonly recording?: Recording;
}

/**
 * Turns the world into that of a step, and waits until that is enforced; records it if that is asked for.
 * @param inForce The policies before; null before the first step.
 */
export const changeWorld = (
  deployment: Deployment,
  step: Step,
  inForce: readonly ReadPolicy[] | null,
  stage: Stage,
): Promise<Changed> => {
  const isAsked = stage.recording || step.withinMs !== undefined;
  // New pods need a baseline, for which everything is open for a moment.
  return inForce && isAsked && keepsPods(deployment.topology, step.topology)
    ? changeRecorded(deployment, step, inForce, stage)
    : changePlainly(deployment, step, inForce ?? [], stage);
};

const changePlainly = async (
  deployment: Deployment,
  { topology, policies }: Step,
  inForce: readonly ReadPolicy[],
  stage: Stage,
): Promise<Changed> => {
  const { timings, baselineMs } = await changePods(deployment, topology, inForce, stage);
  const canary = await stage.canary;
  stage.count?.phase('applying the policies of');
  const { ms: applyMs } = await timed(() => deployment.applyPolicies(policies));
  stage.count?.phase('waiting for the policies of');
  const settleMs = await canary.settle(nodesOf(deployment));
  return { timings: { ...timings, applyMs, settleMs }, baselineMs };
};

/** More than any window has, so it waits until nothing is in flight, and everything else waits for it. */
const ALONE = 1_000_000;

/** Alone, because probes that starve each other of processors would look dropped. */
const changeRecorded = async (
  deployment: Deployment,
  { topology, policies, withinMs }: Step,
  inForce: readonly ReadPolicy[],
  stage: Stage,
): Promise<Changed> => {
  const canary = await stage.canary;
  const dns = await stage.dns;
  const before = { ...situationOf(deployment, dns), policies: inForce };
  const after = { ...situationOf({ ...placesIn(deployment), topology }, dns), policies };
  const list = watchListOf(before, after, deployment);
  stage.count?.phase('recording the change of');
  const startMs = performance.now();
  let [madeMs, makeMs] = [startMs, 0];
  const change: RecordedChange = {
    make: async (onAccepted) => {
      const made = await timed(async () => {
        await deployment.change(topology, onAccepted);
        await deployment.applyPolicies(policies, onAccepted);
      });
      [madeMs, makeMs] = [performance.now(), made.ms];
    },
    settle: () => lateNodes(canary, nodesOf(deployment)),
  };
  const flight = await stage.window.turn(ALONE, stage.signal);
  const recording = await recordChange(deployment, list, change, { ...stage, withinMs }).finally(flight.end);
  const settleMs = elapsed(madeMs);
  const recordMs = Math.max(0, elapsed(startMs) - makeMs - settleMs);
  return { timings: { recordMs, applyMs: makeMs, settleMs }, baselineMs: 0, recording };
};

const placesIn = ({ endpoints, families }: Deployment) => ({ endpoints, families });

const lateNodes = async (canary: Canary, nodes: readonly string[]): Promise<readonly string[]> => {
  try {
    await canary.settle(nodes);
    return [];
  } catch (error) {
    if (error instanceof LateNodes) return error.nodes;
    throw error;
  }
};
