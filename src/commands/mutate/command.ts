import { defineCommand } from '../define-command.ts';
import {
  choice,
  choiceFlags,
  environmentSettings,
  liveFlags,
  parsed,
  pathsArgument,
  wholeNumber,
} from '../flags/index.ts';
import type { MutateFlags } from './mutate.ts';

export const addMutate = defineCommand<MutateFlags, [paths: string[]]>({
  name: 'mutate',
  description: 'which mistakes in its policies an expectation would notice; without a cluster, unless with --live',
  arguments: [pathsArgument],
  flags: {
    ...choiceFlags(),
    reporter: choice('--reporter <name>', 'the format of the answer', ['terminal', 'json'], 'terminal'),
    live: parsed('--live <n>', 'try so many mutants, from all over the scenarios, on running pods', wholeNumber(1)),
    ...liveFlags(),
  },
  settings: [...environmentSettings, 'timeout', 'settleTimeout'],
  help: {
    examples: [
      'mutate',
      'mutate scenarios/deny-all',
      'mutate my-scenario --reporter json',
      'mutate my-scenario --live 5 --keep',
    ],
    notes: [
      'A mutant is a policy with one mistake: a part dropped, widened or misspelt, a port or a prefix off by one, a direction isolated or not.',
      'The flags from --timeout on are for --live.',
      'Exit codes: 0 each mistake that changes a connection between these pods is noticed, 1 some are missed, or not as predicted live; 2 something broke, or the input is wrong.',
    ],
  },
  run: async (terminal, flags, paths) => {
    const { mutate } = await import('./mutate.ts');
    return mutate(paths, flags, terminal);
  },
});
