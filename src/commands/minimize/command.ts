import { InvalidArgumentError } from 'commander';
import { defineCommand } from '../define-command.ts';
import {
  choice,
  environmentSettings,
  liveFlags,
  namespaceFlag,
  parsed,
  text,
  toggle,
  wholeNumber,
} from '../flags/index.ts';
import type { Asked } from '../scenarios/index.ts';
import type { MinimizeFlags } from './task.ts';

/** `dev/client prod/web 80/TCP`, or as reports print it: `dev/client -> prod/web 80/TCP`. */
const cell = (written: string): Asked => {
  const [from, to, port, ...others] = written.split(/\s+/).filter((word) => !['', '>', '->', '→'].includes(word));
  if (from !== undefined && to !== undefined && port !== undefined && others.length === 0) return { from, to, port };
  throw new InvalidArgumentError("It must be a source, a destination and a port: 'dev/client prod/web 80/TCP'.");
};

export const addMinimize = defineCommand<MinimizeFlags, [path: string]>({
  name: 'minimize',
  description: 'reduce a scenario to the smallest one that still shows what is wrong with a cell',
  arguments: [
    ['<scenario>', "a scenario's folder or its scenario.yaml; or Kubernetes manifests: a file, a folder, - for stdin"],
  ],
  flags: {
    cell: parsed('--cell <cell>', "the source, the destination and the port: 'dev/client prod/web 80/TCP'", cell),
    output: text(
      '--output <folder>',
      'a new folder for the result; with --live also the one of a search to go on with',
    ),
    bundle: text('--bundle <file>', 'also write a .tar.gz that others can try with kubectl and a shell alone'),
    tries: parsed('--tries <n>', 'how many smaller scenarios are tried at most', wholeNumber(1, 100_000), {
      value: 200,
    }),
    step: text('--step <step>', 'the name or the number of the step, if the scenario has several'),
    family: choice('--family <family>', 'the IP family, if both ends have both (default: IPv4)', ['IPv4', 'IPv6']),
    namespace: namespaceFlag(),
    reporter: choice('--reporter <name>', 'the format of the answer', ['terminal', 'json'], 'terminal'),
    live: toggle('--live', 'try on running pods, where the CNI does otherwise than the specification says'),
    ...liveFlags(),
  },
  settings: [...environmentSettings, 'timeout', 'settleTimeout'],
  help: {
    examples: [
      "minimize my-scenario --cell 'dev/client prod/web 80' --output small/",
      "minimize my-scenario --cell 'dev/client prod/web 80' --output small/ --live --keep --bundle bug.tar.gz",
    ],
    notes: [
      'Without --live, what stays is what the policies decide about the cell. With --live it is that the CNI does otherwise.',
      'The flags from --timeout on are for --live.',
      'With --live, a search that was interrupted goes on where it was, if the same command is given again.',
      'Exit codes: 0 the result is minimal, 1 it may still get smaller or the mismatch is flaky, 2 nothing is wrong with the cell, something broke, or the input is wrong.',
    ],
  },
  run: async (terminal, flags, path) => {
    const { minimizeScenario } = await import('./minimize.ts');
    return minimizeScenario(path, flags, terminal);
  },
});
