import { reporterList } from './arguments.ts';
import { type FlagsOf, parsed, text, toggle } from './flag.ts';
import type { OutputFlags } from './output.ts';
import { REPORTERS } from './report-choice.ts';
import { usualReporters } from './usual-reporters.ts';

/** Which reports a command writes, and where they go. */
export const reportFlags = (of: 'run' | 'compare' = 'run'): FlagsOf<OutputFlags> => ({
  reporter: parsed(
    '--reporter <names>',
    `reports, separated by commas: ${REPORTERS.join(', ')}, ./mine.ts; each may name a file: json=run.json`,
    reporterList,
    { value: usualReporters(process.env, of), shown: 'terminal; on GitHub and GitLab their own as well' },
  ),
  output: text('--output <file>', 'the file for the report that is not `terminal`'),
  full: toggle('--full', 'show every row and column of a large matrix, without grouping similar pods'),
});
