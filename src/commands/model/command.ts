import { defineCommand } from '../define-command.ts';
import { choiceFlags, pathsArgument, reportFlags, toggle } from '../flags/index.ts';
import type { ModelFlags } from './model.ts';

export const addModel = defineCommand<ModelFlags, [paths: string[]]>({
  name: 'model',
  description: 'predict matrices from the specification, without a cluster',
  arguments: [pathsArgument],
  flags: {
    ...choiceFlags(),
    watch: toggle('--watch', 'predict again whenever a file changes that was read'),
    ...reportFlags(),
  },
  help: {
    examples: [
      'model',
      'model scenarios/deny-all',
      'model k8s/',
      "model --grep '^allow' --reporter terminal,json --output model.json",
    ],
    notes: [
      'Manifests as they ship need no scenario: `helm template . | podreach model -` and `podreach model k8s/` predict what their policies allow.',
      'Exit codes: 0 as expected or nothing expected, 1 not as expected, 2 an expectation depends on an unknown address or the input is wrong.',
    ],
  },
  run: async (terminal, flags, paths) => {
    if (flags.watch) {
      const { modelWatch } = await import('./watch.ts');
      return modelWatch(paths, flags, terminal);
    }
    const { model } = await import('./model.ts');
    return model(paths, flags, terminal);
  },
});
