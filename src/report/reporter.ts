import type { ComparedResult } from '../compare/index.ts';
import type { RunResult, RunStart, ScenarioHead, ScenarioResult, StepResult } from '../matrix/index.ts';
import type { LogSections } from './log-section.ts';
import type { ShownRollout } from './rollout/shown.ts';

export interface ReporterOptions {
  readonly colour: boolean;
  /** Columns of the terminal; 100 if unknown. */
  readonly width?: number;
  /** The log of a job whose page folds sections. */
  readonly sections?: LogSections;
  /** Show every row and column, even of pods that no cell distinguishes. */
  readonly full?: boolean;
}

/**
 * What a reporter adds to its report: a string, or its parts in order if there may be more than a string can
 * hold. A name, a message or another text never spans two parts.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler may return nothing at all.
type Added = Iterable<string> | undefined | void;

/**
 * Turns the events of a run into text. Each handler is optional and may take its time: the run does not wait, and the
 * next event comes after it. `onEnd` is the last; if the run broke before anything was judged, `onBroken` comes instead.
 */
export interface Reporter {
  onBegin?(start: RunStart): Added | Promise<Added>;
  onStepEnd?(step: StepResult, scenario: ScenarioHead): Added | Promise<Added>;
  /** Scenarios end in any order. */
  onScenarioEnd?(result: ScenarioResult): Added | Promise<Added>;
  /** With everything; the scenarios are in the order in which they were given. */
  onEnd?(result: RunResult): Added | Promise<Added>;
  /** There is nothing to report; what is printed already may need an end. A file stays as it was. */
  onBroken?(): Added | Promise<Added>;
  /** After `onBegin`, the only event of `podreach compare`; with the order in which to apply it, if that was asked for. */
  onCompared?(result: ComparedResult, rollout?: ShownRollout): Added | Promise<Added>;
}

/** What `--reporter` selects, and what a user's own module exports as its default. */
export type CreateReporter = (options: ReporterOptions) => Reporter;
