import { defineCommand } from '../define-command.ts';
import { choice, namespaceFlag, text } from '../flags/index.ts';
import type { AdviseFlags } from './advise.ts';

export const addAdvise = defineCommand<AdviseFlags, [path: string]>({
  name: 'advise',
  description: 'write least-privilege policies for what a scenario expects, or for what was seen; without a cluster',
  arguments: [
    ['<scenario>', "a scenario's folder or its scenario.yaml; or Kubernetes manifests: a file, a folder, - for stdin"],
  ],
  flags: {
    observed: text('--observed <file>', 'a JSON report of a run of these pods: policies for what was allowed there'),
    step: text('--step <step>', 'the name or the number of the step, if the scenario has several'),
    direction: choice('--direction <direction>', 'what may be closed', ['ingress', 'egress', 'both'], 'both'),
    output: text(
      '--output <folder>',
      'a new folder for a whole scenario with these policies, for `podreach run` to prove',
    ),
    reporter: choice('--reporter <name>', 'the format of the answer', ['yaml', 'json'], 'yaml'),
    namespace: namespaceFlag(),
  },
  help: {
    examples: [
      'advise my-scenario > policies.yaml',
      'advise my-scenario --observed staging.json --output advised',
      'advise k8s/ --direction ingress',
    ],
    notes: [
      'With `expect: model`, and for manifests without a scenario, the policies do what the present ones do.',
      'Exit codes: 0 each cell is as expected, 1 some cells are not (they are listed), 2 the input is wrong.',
    ],
  },
  run: async (terminal, flags, path) => {
    const { advise } = await import('./advise.ts');
    return advise(path, flags, terminal);
  },
});
