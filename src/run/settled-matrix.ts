import type { LateCell, Lateness, Prediction, Situation } from '../matrix/index.ts';
import { pause } from '../pause.ts';
import type { Observation } from '../probe/index.ts';
import { bareProbe, type Probe, probeKey } from '../scenario/index.ts';
import { decisionsIn, directionOf } from './direction.ts';
import type { Matrix } from './matrix.ts';

/** A change that every node has followed. */
export interface FollowedChange {
  /** What was in force before it: more than one if everything was open for a moment, to prove new pods. */
  readonly befores: readonly Situation[];
  /** When the API server had accepted it, as a reading of `performance.now()`. */
  readonly acceptedMs: number;
}

export interface SettleOptions {
  readonly settleTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Runs before anything is awaited; throws if there is nothing to wait for, because the world is not as believed. */
  beforeWaiting(): Promise<void>;
}

export interface Settled {
  readonly matrix: Matrix;
  /** Absent if each cell was in time. */
  readonly late?: Lateness;
}

type Waiting = ReadonlyMap<string, { readonly probe: Probe; readonly direction: LateCell['direction'] }>;

/** Gives the agents time between two looks. */
const PAUSE_MS = 250;

/**
 * Takes the matrix after a change, which proves that the nodes have enforced it, cell by cell. One that is still as before
 * although the model says that the change opens or closes it is tried again until it is not, or until the deadline. If any
 * took effect meanwhile, the first matrix was taken too early, and all of it is taken again. Expectations play no part.
 * @param take Takes the matrix of these cells; of all by default.
 */
export const takeSettled = async (
  take: (probes?: readonly Probe[]) => Promise<Matrix>,
  predicted: readonly Prediction[],
  change: FollowedChange,
  { settleTimeoutMs, signal, beforeWaiting }: SettleOptions,
): Promise<Settled> => {
  const first = await take();
  const waiting = unchangedIn(first, predicted, change);
  if (waiting.size === 0) return { matrix: first };
  await beforeWaiting();
  const seenMs = new Map<string, number>();
  while (seenMs.size < waiting.size && performance.now() < change.acceptedMs + settleTimeoutMs) {
    await pause(PAUSE_MS, signal, 'settling');
    const left = [...waiting].flatMap(([key, { probe }]) => (seenMs.has(key) ? [] : probe));
    const { observations } = await take(left);
    const afterMs = Math.round(performance.now() - change.acceptedMs);
    for (const one of observations) {
      const key = probeKey(one);
      if (openIn(one) === (waiting.get(key)?.direction === 'opened')) seenMs.set(key, afterMs);
    }
  }
  const cells = [...waiting].map(
    ([key, { probe, direction }]): LateCell => ({ ...probe, direction, afterMs: seenMs.get(key) ?? null }),
  );
  return { matrix: seenMs.size > 0 ? await take() : first, late: { deadlineMs: settleTimeoutMs, cells } };
};

/** The cells that the change opens or closes, and that it has not. The model is asked about before only if it is wrong about now. */
const unchangedIn = (
  { observations }: Matrix,
  predicted: readonly Prediction[],
  { befores }: FollowedChange,
): Waiting => {
  const predictions = new Map(predicted.map((one) => [probeKey(one), one]));
  const suspects = observations.flatMap((one) => {
    const prediction = predictions.get(probeKey(one));
    const open = openIn(one);
    return prediction && one.from !== one.to && open !== null && open !== (prediction.decision === 'allow')
      ? [prediction]
      : [];
  });
  if (suspects.length === 0) return new Map();
  const was = befores.map(decisionsIn);
  return new Map(
    suspects.flatMap((one) => {
      const key = probeKey(one);
      const direction = was
        .map((decisions) => directionOf(decisions.get(key), one))
        .find((what) => what === 'opened' || what === 'closed');
      return direction ? [[key, { probe: bareProbe(one), direction }]] : [];
    }),
  );
};

/** Whether a connection got through, or null if that is not certain. */
const openIn = ({ verdict }: Observation): boolean | null =>
  verdict === 'error' || verdict === 'unsupported' ? null : verdict === 'allowed';
