import type { Decision } from '../model/index.ts';
import type { Observation, Verdict } from '../probe/index.ts';
import type { Expectation, Probe } from '../scenario/index.ts';

/**
 * `self` is a pod to itself: shown, never judged. `unjudged` has a verdict, but nothing was expected of it. `unknown`
 * depends on the model, which can't decide it. `open` is undefined by the specification, so nothing is right or wrong.
 */
export type CellStatus =
  | 'match'
  | 'mismatch'
  | 'error'
  | 'unsupported'
  | 'flaky'
  | 'unknown'
  | 'open'
  | 'self'
  | 'unjudged';

/** One cell of the diffed matrix. */
export interface Cell extends Probe {
  readonly expected: Expectation | null;
  /** Set if the grid expects nothing of this cell, although it expects something of others. */
  readonly exempt?: true;
  /** null if nothing was probed. */
  readonly observed: Verdict | null;
  /** What the specification says, according to the model; null if the model was not asked. */
  readonly model: Decision | null;
  /** The model can't decide, because policies allow some of a Service's backends and block others. */
  readonly backendsDiffer?: true;
  /** The backends differ, and a client is always sent to the same one: what was seen is true of that one only. */
  readonly sticky?: true;
  /** The model can't decide, because it does not know whether policies let the name be looked up. */
  readonly lookupUnknown?: true;
  readonly status: CellStatus;
  readonly observation: Observation | null;
}

/**
 * The outcome of a step, and so of its scenario. `error` means that the truth is incomplete: never a pass. `unjudged`
 * is a prediction, or the matrix of existing pods, without an expectation; a scenario that was run is never `unjudged`.
 */
export type Status = 'pass' | 'fail' | 'error' | 'unjudged';
