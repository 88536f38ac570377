import type { Recording, Starts } from '../record/index.ts';
import type { Note, Probe } from '../scenario/index.ts';
import type { Following } from '../streams/index.ts';
import type { Cell, Status } from './judged.ts';
import type { Situation } from './predict.ts';
import type { CellExplanation, Deciders, PolicyText } from './reasons.ts';
import type { PlacedWarning } from './warnings.ts';
import type { Why } from './why.ts';

/**
 * Milliseconds that each part took; a part that did not happen is absent. A part's time is counted once, at the level
 * that spent it (run, scenario or step), so that parts can be summed; `totalMs` is the wall time of its own level.
 */
export interface Timings {
  readonly [part: `${string}Ms`]: number;
}

/** How the last two matrices compared, if one proves too little because policies take effect in no known order. */
export interface Agreement {
  /** How many matrices were taken. */
  readonly matrices: number;
  /** Whether the last two were the same; cells that differ are flaky, or errors. */
  readonly agreed: boolean;
}

/** A cell that a change should have opened or closed, according to the model, and that was as before in the first matrix. */
export interface LateCell extends Probe {
  readonly direction: 'opened' | 'closed';
  /** When it was first seen to have changed, after the API server had accepted the change; null if it never was. */
  readonly afterMs: number | null;
}

/** The cells that took effect only after their nodes had followed, or not at all. */
export interface Lateness {
  /** How long they were awaited. */
  readonly deadlineMs: number;
  readonly cells: readonly LateCell[];
}

/** How many of a step's cells were probed, if not all; leaving aside pods to themselves. */
export interface Sampled {
  /** One for each pair of classes of pods that nothing can tell apart. */
  readonly pairs: number;
  /** Others, chosen at random. */
  readonly random: number;
  /** All cells of the step. */
  readonly all: number;
}

/**
 * `no-expectation`: none is written. `kept`, `not-kept`: whether the pods of a step that did not pass stay.
 * `address-unknown`, `backends-differ`: why the model can't decide some cells.
 */
export type Remark = 'no-expectation' | 'kept' | 'not-kept' | 'backends-differ' | 'lookup-unknown' | 'address-unknown';

export interface StepResult {
  readonly name: string;
  readonly status: Status;
  readonly timings: Timings;
  /** In row order; empty if the step broke before it was probed. */
  readonly cells: readonly Cell[];
  /** Absent if one matrix was enough. */
  readonly agreement?: Agreement;
  /** Absent if every cell was probed. */
  readonly sampled?: Sampled;
  /** How often its matrix was taken, if more than once (`--repeat-each`). */
  readonly repeats?: number;
  /** Absent if each cell that its change opens or closes had done so in the first matrix. */
  readonly late?: Lateness;
  /** How its change took effect; absent if that was not recorded. */
  readonly recording?: Recording;
  /** What became of connections that were open before its change; absent if none was followed. */
  readonly established?: Following;
  /** How pods like those that it creates started; absent if that was not measured. */
  readonly starts?: Starts;
  /** Why the step could not be judged, for people; set when status is `error` and the cells don't say it. */
  readonly problem?: string;
  readonly hint?: string;
  /** What to do next, or why nothing could be judged. */
  readonly remarks?: readonly Remark[];
  /** The folder that shows what the cluster was like; absent if none was written. */
  readonly evidence?: string;
  /** A kubectl command line that repeats one cell's probe, by the cell's key; for the mismatches only. */
  readonly repeat?: ReadonlyMap<string, string>;
  /** Why policies allow or block a cell, by the cell's key; for the first findings only. */
  readonly why?: ReadonlyMap<string, Why>;
  /** What the model was asked about, so that a report can say which rules decide any cell. */
  readonly situation?: Situation;
  /** The same in words, if the result was read from a JSON report, which has neither `why` nor `situation`. */
  readonly explanations?: readonly CellExplanation[];
  readonly deciders?: Deciders;
}

export interface ScenarioResult {
  readonly name: string;
  readonly intent?: string;
  readonly tags?: readonly string[];
  readonly file: string;
  readonly status: Status;
  readonly timings: Timings;
  readonly steps: readonly StepResult[];
  /** What is suspicious in the policies; it never changes a status. */
  readonly warnings?: readonly PlacedWarning[];
  /** The policies of all steps, if the result was read from a JSON report. */
  readonly policies?: readonly PolicyText[];
  /** What in the policies' files is not sent. */
  readonly notes?: readonly Note[];
}

/** The `index`-th of `count` parts of a list of scenarios; 1 is the first. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

export interface RunResult {
  readonly scenarios: readonly ScenarioResult[];
  /** Of the whole run: `clusterMs`, `totalMs`. */
  readonly timings: Timings;
  /** Nothing was probed; the cells come from the model. */
  readonly predicted?: true;
  /** The part of the scenarios that was run, if not all. */
  readonly shard?: Shard;
  /** What broke the run as a whole, so that scenarios are missing or something is left behind. */
  readonly problem?: string;
  readonly hint?: string;
}
