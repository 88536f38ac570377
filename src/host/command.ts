import { execa, type Options } from 'execa';
import { PodreachError } from '../errors.ts';
import { durationText } from '../stopwatch.ts';

export type CommandOptions = Options & {
  /** The purpose of the command, as the beginning of a sentence: `building kubernetes`. */
  readonly purpose: string;
  readonly hint?: string;
  /**
   * Called with the process number before the program begins. The program runs only after this succeeded: if podreach
   * is killed before, it never begins.
   */
  readonly beforeStart?: (pid: number) => Promise<void>;
};

/** Ends the program when the signal aborts; the failure is then the signal's. */
export const cancelledBy = (signal: AbortSignal | undefined): Options => (signal ? { cancelSignal: signal } : {});

const lastLines = (text: unknown, count: number): string =>
  typeof text === 'string' ? text.trimEnd().split('\n').slice(-count).join('\n') : '';

/**
 * Runs a program of the host (never through a shell) and returns its standard output, trimmed at the end. A failure is
 * a PodreachError with the purpose, the program, the exit code, the elapsed time and the last lines of output.
 */
export const run = async (file: string, args: readonly string[], options: CommandOptions): Promise<string> => {
  const { purpose, hint, beforeStart, ...execaOptions } = options;
  const settings = { ...execaOptions, reject: false, all: true } as const;
  const result = await (beforeStart
    ? startAfter(beforeStart, file, args, settings)
    : execa(file, args, { ...(settings.input || settings.inputFile ? {} : { stdin: 'ignore' }), ...settings }));
  if (!result.failed) return typeof result.stdout === 'string' ? result.stdout : '';
  const failure = result as {
    code?: string;
    exitCode?: number;
    signal?: string;
    isCanceled?: boolean;
    timedOut?: boolean;
  };
  if (failure.code === 'ENOENT') {
    throw new PodreachError(`${purpose}: the program ${file} is not on this machine`, hint ? { hint } : {});
  }
  const how = failure.timedOut
    ? 'did not end in time'
    : failure.isCanceled
      ? 'was interrupted'
      : failure.signal
        ? `was ended by ${failure.signal}`
        : `exited with ${failure.exitCode ?? 'no code'}`;
  const output = lastLines(result.all, 12);
  throw new PodreachError(
    `${purpose}: ${file} ${args[0] ?? ''} ${how} after ${durationText(result.durationMs)}${output ? `\n${output}` : ''}`,
    hint ? { hint } : {},
  );
};

/** Waits for a line, then becomes the program: same process, same number. Ends if the line never comes. */
const GATE = 'read -r go && exec "$@"';

/** `input` must be a string. */
const startAfter = async (
  beforeStart: (pid: number) => Promise<void>,
  file: string,
  args: readonly string[],
  { input, ...settings }: Options,
) => {
  const subprocess = execa('/bin/sh', ['-c', GATE, 'sh', file, ...args], { ...settings, stdin: 'pipe' });
  // A program that ends before it has read all its input is judged by its exit code.
  subprocess.stdin?.on('error', () => {});
  try {
    if (subprocess.pid !== undefined) await beforeStart(subprocess.pid);
    subprocess.stdin?.end(`go\n${typeof input === 'string' ? input : ''}`);
  } catch (error) {
    subprocess.stdin?.destroy();
    await subprocess;
    throw error;
  }
  return subprocess;
};
