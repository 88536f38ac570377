import type { Deployment } from '../deploy/index.ts';
import type { Timings } from '../matrix/index.ts';
import type { Recording } from '../record/index.ts';
import { keepsPods, type ReadPolicy, type Step } from '../scenario/index.ts';
import { type Canary, LateNodes } from '../settle/index.ts';
import { elapsed, timed } from '../stopwatch.ts';
import type { Following } from '../streams/index.ts';
import { situationOf } from './addresses.ts';
import { changePods } from './change-pods.ts';
import type { Connections } from './connections.ts';
import { nodesOf } from './matrix.ts';
import { type RecordedChange, recordChange } from './record-change.ts';
import type { FollowedChange } from './settled-matrix.ts';
import type { Stage } from './stage.ts';
import { changeOf, type StepChange } from './step-change.ts';
import { watchListOf } from './watch-list.ts';

export interface Changed {
  /** Of the step. */
  readonly timings: Timings;
  readonly baselineMs: number;
  /** Absent if its cells were recorded, which awaits them as well. */
  readonly followed?: FollowedChange;
  /** Absent if nothing was recorded. */
  readonly recording?: Recording;
  /** Absent if no connection was followed. */
  readonly established?: Following;
}

/**
 * Turns the world into that of a step, and waits until that is enforced; records it if that is asked for, and follows the
 * connections that the step follows.
 * @param inForce The policies before; null before the first step.
 */
export const changeWorld = async (
  deployment: Deployment,
  step: Step,
  inForce: readonly ReadPolicy[] | null,
  stage: Stage,
  connections: Connections,
): Promise<Changed> => {
  const isRecorded = stage.recording || step.withinMs !== undefined;
  // New pods need a baseline, for which everything is open for a moment.
  if (inForce && (isRecorded || step.established) && keepsPods(deployment.topology, step.topology))
    return changeAlone(deployment, step, inForce, stage, { connections, isRecorded });
  await connections.close();
  return changePlainly(deployment, step, inForce, stage);
};

const changePlainly = async (
  deployment: Deployment,
  { topology, policies }: Step,
  inForce: readonly ReadPolicy[] | null,
  stage: Stage,
): Promise<Changed> => {
  const dns = await stage.dns;
  const before = inForce && { ...situationOf(deployment, dns), policies: inForce };
  const { timings, baselineMs } = await changePods(deployment, topology, inForce ?? [], stage);
  const open = { ...situationOf(deployment, dns), policies: [] };
  const canary = await stage.canary;
  stage.count?.phase('applying the policies of');
  const { ms: applyMs } = await timed(() => deployment.applyPolicies(policies));
  const acceptedMs = performance.now();
  stage.count?.phase('waiting for the policies of');
  const settleMs = await canary.settle(nodesOf(deployment));
  const befores = before ? [before, open] : [open];
  return { timings: { ...timings, applyMs, settleMs }, baselineMs, followed: { befores, acceptedMs } };
};

/** More than any window has, so it waits until nothing is in flight, and everything else waits for it. */
export const ALONE = 1_000_000;

/** What there is to see of a change. */
interface Sights {
  readonly connections: Connections;
  readonly isRecorded: boolean;
}

/** Alone, because probes that starve each other of processors would look dropped. */
const changeAlone = async (
  deployment: Deployment,
  step: Step,
  inForce: readonly ReadPolicy[],
  stage: Stage,
  { connections, isRecorded }: Sights,
): Promise<Changed> => {
  const flight = await stage.window.turn(ALONE, stage.signal);
  try {
    const { ms: openMs } = await timed(() => connections.enter(step.established));
    const change = changeOf(deployment, step);
    const changed = isRecorded
      ? await changeRecorded(deployment, step, inForce, stage, change)
      : await changeUnrecorded(deployment, inForce, stage, change);
    if (!step.established) return changed;
    stage.count?.phase('following the connections of');
    const { value: established, ms } = await timed(() => connections.follow(change.made()));
    return { ...changed, timings: { ...changed.timings, followMs: openMs + ms }, established };
  } finally {
    flight.end();
  }
};

const changeUnrecorded = async (
  deployment: Deployment,
  inForce: readonly ReadPolicy[],
  stage: Stage,
  change: StepChange,
): Promise<Changed> => {
  const before = { ...situationOf(deployment, await stage.dns), policies: inForce };
  const canary = await stage.canary;
  stage.count?.phase('applying the policies of');
  const { ms: applyMs } = await timed(() => change.make());
  stage.count?.phase('waiting for the policies of');
  const settleMs = await canary.settle(nodesOf(deployment));
  const followed = { befores: [before], acceptedMs: change.made().acknowledgedMs };
  return { timings: { applyMs, settleMs }, baselineMs: 0, followed };
};

const changeRecorded = async (
  deployment: Deployment,
  { topology, policies, withinMs }: Step,
  inForce: readonly ReadPolicy[],
  stage: Stage,
  { make, made }: StepChange,
): Promise<Changed> => {
  const canary = await stage.canary;
  const dns = await stage.dns;
  const before = { ...situationOf(deployment, dns), policies: inForce };
  const after = { ...situationOf({ ...placesIn(deployment), topology }, dns), policies };
  const list = watchListOf(before, after, deployment);
  stage.count?.phase('recording the change of');
  const startMs = performance.now();
  const change: RecordedChange = { make, settle: () => lateNodes(canary, nodesOf(deployment)) };
  const recording = await recordChange(deployment, list, change, { ...stage, withinMs });
  const applyMs = Math.round(made().toMs - made().fromMs);
  const settleMs = elapsed(made().toMs);
  const recordMs = Math.max(0, elapsed(startMs) - applyMs - settleMs);
  return { timings: { recordMs, applyMs, settleMs }, baselineMs: 0, recording };
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
