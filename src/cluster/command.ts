import { execa, type Options } from 'execa';
import { PodreachError } from '../errors.ts';
import { durationText } from '../stopwatch.ts';

export type CommandOptions = Options & {
  /** What the command is for, as a sentence's beginning: `building kubernetes`. */
  readonly purpose: string;
  readonly hint?: string;
};

/** Ends the program when the signal does; the failure is then its own. */
export const cancelledBy = (signal: AbortSignal | undefined): Options => (signal ? { cancelSignal: signal } : {});

const lastLines = (text: unknown, count: number): string =>
  typeof text === 'string' ? text.trimEnd().split('\n').slice(-count).join('\n') : '';

/**
 * Runs a program of the host (never through a shell) and returns its standard output, trimmed at the end. A failure is a
 * PodreachError with the purpose, the program, the exit code, the time it took and the last lines that it printed.
 */
export const run = async (file: string, args: readonly string[], options: CommandOptions): Promise<string> => {
  const { purpose, hint, ...execaOptions } = options;
  const result = await execa(file, args, {
    ...(execaOptions.input || execaOptions.inputFile ? {} : { stdin: 'ignore' }),
    ...execaOptions,
    reject: false,
    all: true,
  });
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
