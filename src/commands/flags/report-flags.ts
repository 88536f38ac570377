import type { OutputFlags } from '../output/choose-reports.ts';
import { type FlagsOf, parsed, text, toggle } from './flag.ts';
import { REPORTERS } from './report-choice.ts';
import { usualReporters } from './usual-reporters.ts';
import { reporterList } from './values.ts';

/** Which reports a command writes of what it saw or predicted, and where they go. */
export const reportFlags = (): FlagsOf<OutputFlags> => ({
  ...formatFlags('run'),
  full: toggle('--full', 'show every row and column of a large matrix, without grouping similar pods'),
});

/** The same of a comparison, whose large matrices are always grouped. */
export const comparedReportFlags = (): FlagsOf<Omit<OutputFlags, 'full'>> => formatFlags('compare');

const formatFlags = (of: 'run' | 'compare'): FlagsOf<Omit<OutputFlags, 'full'>> => ({
  reporter: parsed(
    '--reporter <names>',
    `reports, separated by commas: ${REPORTERS.join(', ')}, ./mine.ts; each may name a file: json=run.json`,
    reporterList,
    { value: usualReporters(process.env, of), shown: 'terminal; on GitHub and GitLab their own as well' },
  ),
  output: text('--output <file>', 'the file for the report that is not `terminal`'),
});
