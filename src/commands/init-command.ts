import { defineCommand } from './command.ts';
import { parsed, text } from './flag.ts';
import type { InitFlags } from './init.ts';
import { each } from './probe-arguments.ts';

export const addInit = defineCommand<InitFlags, [folder: string | undefined]>({
  name: 'init',
  description: 'write a first scenario, from your manifests or as an example',
  arguments: [['[folder]', 'where it goes (default: podreach)']],
  flags: {
    from: parsed('--from <path>', 'manifests as they ship: a file or a folder; may be repeated', each),
    namespace: text(
      '-n, --namespace <name>',
      'with --from: the namespace of objects that name none (default: default)',
    ),
  },
  help: {
    examples: ['init --from k8s/', 'init tests/network --from deploy/base --from deploy/policies', 'init'],
    notes: [
      'The expectation is a grid of what the policies do today, for you to review. init overwrites nothing.',
      'A Helm chart is rendered first: `helm template . --namespace prod > rendered.yaml`, then `podreach init --from rendered.yaml -n prod`.',
    ],
  },
  run: async (terminal, flags, folder = 'podreach') => {
    const { init } = await import('./init.ts');
    return init(folder, flags, terminal);
  },
});
