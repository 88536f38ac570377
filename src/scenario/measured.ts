/** What a step is to measure around its change. */
import type { Probe } from '../model/index.ts';

/**
 * What becomes of a connection that was open before a change. `flows`: it goes on, or comes back; both of the others meet
 * `stops`: `stalls` is silence, `resets` an end from outside.
 */
export type FlowExpectation = 'flows' | 'stops' | 'stalls' | 'resets';

/**
 * A connection that is open before a step's change and followed from then on, over each family that both ends have. It is
 * the same one as in the step before if that has it too.
 */
export interface Established extends Probe {
  /** null if nothing is expected of it. */
  readonly expected: FlowExpectation | null;
  /** How soon after the change that has to be so. */
  readonly withinMs?: number;
  /** How long it is followed after the change. */
  readonly forMs: number;
}

/** Starts of pods that are to be measured under the policies of a step. */
export interface WantedStarts {
  /** The endpoints of the pods, at least one. */
  readonly pods: readonly string[];
  /** How often each starts. */
  readonly count: number;
  /** How long after its start a cell that policies deny may be open, and one that they allow closed. */
  readonly openAtMostMs?: number;
  readonly closedAtMostMs?: number;
}
