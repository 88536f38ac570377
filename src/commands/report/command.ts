import { type AddCommand, defineCommand } from '../define-command.ts';
import { type OutputFlags, reportFlags } from '../flags/index.ts';
import { addReportHtml } from './html-command.ts';

const addMerge = defineCommand<OutputFlags, [files: string[]]>({
  name: 'merge',
  description: 'join the JSON reports of shards into the report of one run',
  arguments: [['<files...>', 'reports that `--reporter json` wrote, one for each shard']],
  flags: reportFlags(),
  help: {
    examples: [
      'report merge shard-*.json',
      'report merge shard-1.json shard-2.json --reporter terminal,junit=all.xml,json=all.json',
    ],
    notes: [
      'A report of `podreach run --shard i/n` says which shard it is of: if one is missing, nothing is merged.',
      'Exit codes: those of a run with all these scenarios; 2 if the reports are not of one run.',
    ],
  },
  run: async (terminal, flags, files) => {
    const { mergeReports } = await import('./merge.ts');
    return mergeReports(files, flags, terminal);
  },
});

export const addReport: AddCommand = (program, context) => {
  const command = program
    .command('report')
    .description('write reports again from JSON reports, without running anything');
  for (const add of [addMerge, addReportHtml]) add(command, context);
};
