import type { Decision } from '../model/index.ts';
import type { Observation, Verdict } from '../probe/index.ts';
import type { Expectation, Probe } from '../scenario/index.ts';

/**
 * `self` is a pod to itself: shown, never judged. `unjudged` has a verdict, but nothing was expected of it. `unknown` is
 * one that the model had to tell, and can't; `open` one that the specification leaves open, so that nothing is right or
 * wrong.
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
  /** null where nothing was probed. */
  readonly observed: Verdict | null;
  /** What the specification says by the model; null where it was not asked. */
  readonly model: Decision | null;
  /** The model can't tell, because policies let some of a Service's backends be reached and others not. */
  readonly backendsDiffer?: true;
  readonly status: CellStatus;
  readonly observation: Observation | null;
}

/**
 * What a step, and so its scenario, came to. `error` means that the truth is incomplete: never a pass. `unjudged` is a
 * prediction, or the matrix of pods that are not ours, of which nothing was expected; a scenario that was run is never that.
 */
export type Status = 'pass' | 'fail' | 'error' | 'unjudged';
