import { defineCommand } from './command.ts';
import { choice } from './flag.ts';
import type { MutateFlags } from './mutate.ts';
import { choiceFlags, pathsArgument } from './shared-flags.ts';

export const addMutate = defineCommand<MutateFlags, [paths: string[]]>({
  name: 'mutate',
  description: 'which mistakes in its policies an expectation would notice, without a cluster',
  arguments: [pathsArgument],
  flags: {
    ...choiceFlags(),
    reporter: choice('--reporter <name>', 'the format of the answer', ['terminal', 'json'], 'terminal'),
  },
  help: {
    examples: ['mutate', 'mutate scenarios/deny-all', 'mutate my-scenario --reporter json'],
    notes: [
      'A mutant is a policy with one mistake: a part dropped, widened or misspelt, a port or a prefix off by one, a direction isolated or not.',
      'Exit codes: 0 each mistake that changes a connection is noticed, 1 some are missed, 2 the input is wrong.',
    ],
  },
  run: async (terminal, flags, paths) => {
    const { mutate } = await import('./mutate.ts');
    return mutate(paths, flags, terminal);
  },
});
