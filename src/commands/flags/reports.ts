/** Which reports a command writes, and where they go. */
import { type FlagsOf, parsed, text, toggle } from './flag.ts';
import { REPORTERS } from './report-choice.ts';
import { usualReporters } from './usual-reporters.ts';
import { reporterList } from './values.ts';

export interface OutputFlags {
  /** `json`, `./mine.ts`, or either with its file: `json=run.json`. */
  readonly reporter: readonly string[];
  /** The file for the report that is not `terminal`. */
  readonly output?: string;
  /** Every row and column of a large matrix. */
  readonly full?: boolean;
}

/** Of what a command saw or predicted. */
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
