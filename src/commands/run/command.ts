import { defineCommand } from '../define-command.ts';
import {
  choice,
  choiceFlags,
  environmentSettings,
  flakeFlags,
  historyFlag,
  liveFlags,
  notEmpty,
  parsed,
  pathsArgument,
  reportFlags,
  shard,
  text,
  toggle,
  wholeNumber,
} from '../flags/index.ts';
import { usualEvidence } from './evidence-folder.ts';
import type { RunFlags } from './run.ts';

export const addRun = defineCommand<RunFlags, [paths: string[]]>({
  name: 'run',
  description: 'run scenarios on a live cluster and compare what was seen with what was expected',
  arguments: [pathsArgument],
  flags: {
    ...choiceFlags(),
    shard: parsed('--shard <i/n>', 'run only the i-th of n equal parts', shard),
    shardTimes: text('--shard-times <file>', 'a JSON report of an earlier run, by which all shards take equally long'),
    workers: parsed('--workers <n>', 'how many scenarios run at the same time', wholeNumber(1), { value: 3 }),
    probe: choice(
      '--probe <cells>',
      'all, or classes: one cell for each pair of classes of pods that nothing can tell apart, and a random 5 % of the others',
      ['all', 'classes'],
      'all',
    ),
    record: toggle(
      '--record',
      'measure how long each step takes to be enforced, cell by cell (steps with enforceWithin are measured anyway)',
    ),
    ...flakeFlags("each step's matrix"),
    bail: toggle('--bail', 'stop at the first scenario that does not pass'),
    updateSnapshots: toggle(
      '-u, --update-snapshots',
      'write what was seen into the grids of the scenarios; rules and `model` stay unchanged',
    ),
    evidence: parsed(
      '--evidence <folder>',
      'what the cluster was like where a step did not pass: policies, pods, events, logs; none for no evidence',
      notEmpty,
      { value: usualEvidence(process.env), shown: 'none; on GitHub and GitLab podreach-evidence' },
    ),
    history: historyFlag(),
    ...reportFlags(),
    ...liveFlags(),
  },
  settings: [
    ...environmentSettings,
    'reporters',
    'timeout',
    'workers',
    'retries',
    'record',
    'settleTimeout',
    'history',
  ],
  help: {
    examples: [
      'run',
      'run scenarios/deny-all --keep',
      "run --grep '^allow' --reporter terminal,json --output run.json",
      'run --tag nightly --shard 1/3 --shard-times last-night.json',
      'run my-scenarios --context kind-dev',
      'run k8s/',
    ],
    notes: [
      'Manifests without a scenario are expected to do what the specification says, as with `expect: model`.',
      'Exit codes: 0 as expected, 1 not as expected, 2 something broke or the input is wrong.',
    ],
  },
  run: async (terminal, flags, paths) => {
    const { run } = await import('./run.ts');
    return run(paths, flags, terminal);
  },
});
