import type { Observation, Verdict } from '../probe/index.ts';
import type { Expectation, Probe } from '../scenario/index.ts';

/** `self` is a pod to itself: shown, never judged. `unjudged` has a verdict, but nothing was expected of it. */
export type CellStatus = 'match' | 'mismatch' | 'error' | 'unsupported' | 'flaky' | 'self' | 'unjudged';

/** One cell of the diffed matrix. */
export interface Cell extends Probe {
  readonly expected: Expectation | null;
  readonly observed: Verdict | null;
  readonly status: CellStatus;
  readonly observation: Observation | null;
}

/** What a step, and so its scenario, came to. `error` means that the truth is incomplete: never a pass. */
export type Status = 'pass' | 'fail' | 'error';
