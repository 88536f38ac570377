/** Where the reports of a run go. */
import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { PodreachError } from '../errors.ts';
import { type RunResult, reporters } from '../report/index.ts';
import type { Terminal } from './run.ts';

export type ReporterName = keyof typeof reporters;

export interface OutputFlags {
  readonly reporter: readonly ReporterName[];
  /** The file for the report that is not for the terminal. */
  readonly output?: string;
}

/** What can be told to be wrong before a long run, is: two reports on one output, a report that can't be written. */
export const checkOutput = async ({ reporter, output }: OutputFlags): Promise<void> => {
  if (output !== undefined && reporter.every((name) => name === 'terminal')) {
    throw new PodreachError('--output needs a report to write', { hint: 'add --reporter json' });
  }
  if (output === undefined && reporter.length > 1) {
    throw new PodreachError(`${reporter.join(' and ')} can't both go to standard output`, {
      hint: 'give --output FILE: the terminal report stays on standard output, the other goes into the file',
    });
  }
  if (output !== undefined) await access(dirname(resolve(output)), constants.W_OK).catch(unwritable(output));
};

const unwritable = (path: string) => (cause: unknown) => {
  throw new PodreachError(`the report can't be written to ${path}`, { cause, hint: 'does its folder exist?' });
};

/** Writes a result as every report that was asked for, as `checkOutput` has found fit. */
export const writeReports = async (
  result: RunResult,
  { reporter, output }: OutputFlags,
  { print, colour, width }: Pick<Terminal, 'print' | 'colour' | 'width'>,
): Promise<void> => {
  for (const name of reporter) {
    const text = reporters[name](result, { colour, ...(width && { width }) });
    if (name === 'terminal' || output === undefined) print(text);
    else await writeFile(output, text).catch(unwritable(output));
  }
};
