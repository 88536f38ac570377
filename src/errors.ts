export interface ErrorContext {
  /** What the user can do about it, as a sentence or a command to paste. */
  readonly hint?: string;
  /** What lay underneath. Never printed: client errors carry credentials. Put what is safe and useful into `what`. */
  readonly cause?: unknown;
}

/**
 * Every failure that podreach knows. `message` says what failed, on what and after how long, in words fit for a user;
 * the command line prints it without a stack, then the hint, and exits 2.
 */
export class PodreachError extends Error {
  override readonly name = 'PodreachError';
  readonly hint: string | undefined;

  constructor(what: string, context: ErrorContext = {}) {
    super(what, { cause: context.cause });
    this.hint = context.hint;
  }
}
