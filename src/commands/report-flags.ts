import { reporters } from '../report/index.ts';
import { reporterList } from './arguments.ts';
import { type FlagsOf, parsed, text, toggle } from './flag.ts';
import type { OutputFlags } from './output.ts';

/** Which reports a command writes, and where they go. */
export const reportFlags = (): FlagsOf<OutputFlags> => ({
  reporter: parsed(
    '--reporter <names>',
    `reports, separated by commas: ${Object.keys(reporters).join(', ')}, ./mine.ts; each may name its file: json=run.json`,
    reporterList,
    {
      value: ['terminal'],
      shown: 'terminal',
    },
  ),
  output: text('--output <file>', 'where the report goes that is not for the terminal'),
  full: toggle('--full', 'show every row and column of a large matrix, also of pods that no cell tells apart'),
});
