import { defineCommand } from './command.ts';
import type { ModelFlags } from './model.ts';
import { reportFlags } from './report-flags.ts';
import { grepFlag, namespaceFlag, pathsArgument, pathsOr } from './shared-flags.ts';

export const addModel = defineCommand<ModelFlags, [paths: string[]]>({
  name: 'model',
  description: 'predict the matrix of scenarios by the specification, without a cluster',
  arguments: [pathsArgument],
  flags: { grep: grepFlag(), namespace: namespaceFlag(), ...reportFlags() },
  help: {
    examples: [
      'model',
      'model scenarios/deny-all',
      'model k8s/',
      "model --grep '^allow' --reporter terminal,json --output model.json",
    ],
    notes: [
      'Manifests as they ship need no scenario: `helm template . | podreach model -` and `podreach model k8s/` predict who reaches whom in them.',
      'Exit codes: 0 as expected, or nothing is expected, 1 not as expected, 2 an expectation depends on an address that is not known, or the input is wrong.',
    ],
  },
  run: async (terminal, flags, paths) => {
    const { model } = await import('./model.ts');
    return model(pathsOr(paths), flags, terminal);
  },
});
