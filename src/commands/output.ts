/** Where the reports of a run go. */
import { asPodreachError, PodreachError } from '../errors.ts';
import type { RunResult } from '../matrix/index.ts';
import { reporters } from '../report/index.ts';
import { checkFile, writeFileWhole } from './output-file.ts';
import type { Terminal } from './terminal.ts';

export type ReporterName = keyof typeof reporters;

export interface OutputFlags {
  readonly reporter: readonly ReporterName[];
  /** The file for the report that is not for the terminal. */
  readonly output?: string;
  /** Every row and column of a large matrix. */
  readonly full?: boolean;
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
  if (output !== undefined) await checkFile(output);
};

/**
 * Writes a result as every report that was asked for, as `checkOutput` has found fit. One that fails keeps no other from
 * being written; then throws a PodreachError with all that failed, and with what broke the run itself.
 */
export const writeReports = async (
  result: RunResult,
  { reporter, output, full }: OutputFlags,
  { print, colour, width }: Pick<Terminal, 'print' | 'colour' | 'width'>,
): Promise<void> => {
  const failures: PodreachError[] = [];
  for (const name of reporter)
    try {
      const text = reporters[name](result, { colour, ...(width && { width }), ...(full && { full }) });
      if (name === 'terminal' || output === undefined) await print(text);
      else await writeFileWhole(output, text);
    } catch (error) {
      failures.push(asPodreachError(error));
    }
  if (failures.length === 0) return;
  const problems = [result, ...failures.map(({ message: problem, hint }) => ({ problem, hint }))];
  const hints = new Set(problems.flatMap(({ hint }) => hint ?? []));
  throw new PodreachError(
    problems.flatMap(({ problem }) => problem ?? []).join('\n'),
    hints.size > 0 ? { hint: [...hints].join('\n') } : {},
  );
};
