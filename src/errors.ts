import { getSystemErrorMessage } from 'node:util';
import { masked } from './secrets.ts';

export interface ErrorContext {
  /** What the user can do about it, as a sentence or a command to paste. */
  readonly hint?: string;
  /**
   * The underlying error. Never printed, because client errors carry credentials; put what is safe and useful into
   * `what`.
   */
  readonly cause?: unknown;
}

/**
 * Every failure that podreach knows. `message` tells a user what failed, on what and after how long;
 * the command line prints it without a stack, then the hint, and exits 2. Known secrets are masked in both.
 */
export class PodreachError extends Error {
  override readonly name = 'PodreachError';
  readonly hint: string | undefined;

  constructor(what: string, context: ErrorContext = {}) {
    super(masked(what), { cause: context.cause });
    this.hint = context.hint === undefined ? undefined : masked(context.hint);
  }
}

/**
 * Anything that was thrown, as a PodreachError. What podreach does not know is a bug in podreach, reported with its
 * stack; its message only if the JavaScript engine wrote it, because errors of libraries quote their input, keys
 * included. A file that can't be read or written is the machine's fault, not podreach's.
 */
export const asPodreachError = (thrown: unknown): PodreachError => {
  if (thrown instanceof PodreachError) return thrown;
  if (!(thrown instanceof Error)) return defect(`a value of type ${typeof thrown} was thrown`);
  if (thrown.name === 'AbortError') return new PodreachError('the work was interrupted');
  const file = fileProblem(thrown);
  if (file) return file;
  return defect([describe(thrown), ...framesOf(thrown).slice(0, FRAMES)].join('\n'));
};

const FRAMES = 20;

/**
 * Where an error came from, and what caused it: for --debug. Of errors that are not podreach's own this has no more words than
 * `asPodreachError` prints, because people paste such output into public issues.
 */
export const traceOf = (thrown: unknown): readonly string[] => {
  const lines: string[] = [];
  const seen = new Set<unknown>();
  for (let error = thrown; error instanceof Error && !seen.has(error); error = error.cause) {
    const what = error instanceof PodreachError ? error.message : describe(error);
    lines.push(...`${seen.size === 0 ? '' : 'caused by '}${what}`.split('\n'), ...framesOf(error));
    seen.add(error);
  }
  return lines;
};

const framesOf = (error: Error): readonly string[] =>
  (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));

/**
 * A full disk, or one that podreach must not write to: Node.js names the file's path and the system's reason.
 */
const fileProblem = (error: Error): PodreachError | undefined => {
  const { errno, code, path } = error as { errno?: unknown; code?: unknown; path?: unknown };
  if (typeof errno !== 'number' || typeof path !== 'string') return undefined;
  const why = `${String(code)}: ${getSystemErrorMessage(errno)}`;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new PodreachError(full ? `the disk is full at ${path} (${why})` : `${path} can't be used (${why})`, {
    hint: full
      ? 'free some space, or name another cache folder with XDG_CACHE_HOME'
      : 'is this user allowed to read and write there?',
  });
};

const defect = (what: string): PodreachError => new PodreachError(`a bug in podreach, please report it: ${what}`);

const ENGINE_ERRORS = [TypeError, RangeError, ReferenceError] as const;

const describe = (error: Error & { readonly code?: unknown }): string => {
  const name = error.constructor.name;
  const { code } = error;
  if (code === undefined && ENGINE_ERRORS.some((known) => error.constructor === known))
    return `${name}: ${error.message.slice(0, 300)}`;
  return typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? `${name} ${code}` : name;
};
