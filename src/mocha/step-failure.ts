import { PodreachError } from '../errors.ts';
import type { ScenarioHead, StepResult } from '../matrix/index.ts';
import { stepText } from '../report/index.ts';
import { printable } from '../text.ts';

/** A step that did not pass, as the terminal reporter shows it. Where it was thrown says nothing, so it has no stack. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';

  constructor({ file }: Pick<ScenarioHead, 'file'>, step: StepResult, before?: StepResult) {
    super(`${printable(file)}\n\n${stepText(step, before)}\n`);
    this.stack = this.message;
  }
}

/** An error whose hint is part of its message, because mocha prints no more than that. */
export const withHint = (error: unknown): unknown =>
  error instanceof PodreachError && error.hint !== undefined
    ? new PodreachError(`${error.message}\nhint: ${error.hint}`, { cause: error.cause })
    : error;
