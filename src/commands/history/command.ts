import { defineCommand } from '../define-command.ts';
import { choice, notEmpty, parsed, pattern, toggle, wholeNumber } from '../flags/index.ts';
import type { HistoryFlags } from './history.ts';

/** As many columns as a wide terminal has. */
const LAST = 100;
const LAST_AT_MOST = 10_000;

export const addHistory = defineCommand<HistoryFlags, [folder: string | undefined]>({
  name: 'history',
  description: 'show since when each cell is as it is, which cells flap, and how time to enforce moves',
  arguments: [['[folder]', 'where `--history` kept the runs (default: `history` in podreach.yaml)']],
  flags: {
    grep: parsed('--grep <pattern>', 'only scenarios whose name matches this regular expression', pattern),
    endpoint: parsed(
      '--endpoint <name>',
      'only cells from or to it; * stands for part of a name (prod/*); may be repeated',
      (text: string, before: readonly string[] = []): readonly string[] => [...before, notEmpty(text)],
    ),
    last: parsed('--last <n>', 'how many of the latest runs to look at', wholeNumber(1, LAST_AT_MOST), { value: LAST }),
    full: toggle('--full', 'list cells that never changed, too'),
    reporter: choice('--reporter <name>', 'the format of the answer', ['terminal', 'json'], 'terminal'),
  },
  help: {
    examples: ['history .podreach-history', "history --grep '^shop' --endpoint 'prod/*'", 'history --reporter json'],
    notes: ['Exit codes: 0 whatever the history says, 2 there is none, or the input is wrong.'],
  },
  run: async (terminal, flags, folder) => {
    const { history } = await import('./history.ts');
    return history(folder, flags, terminal);
  },
});
