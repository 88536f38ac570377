import { reporterNamed } from '../../report/index.ts';
import { checkFile, reportOnce } from '../output/index.ts';
import { readRunFile } from '../run-file.ts';
import type { Terminal } from '../terminal/index.ts';

export interface ReportHtmlFlags {
  readonly output?: string;
}

/** `podreach report html`: the page that the run itself would have written. */
export const reportHtml = async (file: string, { output }: ReportHtmlFlags, terminal: Terminal): Promise<number> => {
  if (output !== undefined) await checkFile(output);
  const { result } = await readRunFile(file);
  const report = { name: 'html', create: await reporterNamed('html'), ...(output !== undefined && { file: output }) };
  await reportOnce([report], terminal, (reporter) => reporter.onEnd?.(result));
  return 0;
};
