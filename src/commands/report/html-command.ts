import { defineCommand } from '../define-command.ts';
import { text } from '../flags/index.ts';
import type { ReportHtmlFlags } from './html.ts';

export const addReportHtml = defineCommand<ReportHtmlFlags, [file: string]>({
  name: 'html',
  description: 'draw the HTML report of a run from its JSON report',
  arguments: [['<file>', 'a report that `--reporter json` or `report merge` wrote']],
  flags: { output: text('-o, --output <file>', 'the file for the page (default: standard output)') },
  help: {
    examples: ['report html run.json -o report.html'],
    notes: [
      'Exit codes: 0 whatever the run came to, 2 the file is not the report of a run, or the page cannot be written.',
    ],
  },
  run: async (terminal, flags, file) => {
    const { reportHtml } = await import('./html.ts');
    return reportHtml(file, flags, terminal);
  },
});
