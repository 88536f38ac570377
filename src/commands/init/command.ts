import type { Ci } from '../ci.ts';
import { defineCommand } from '../define-command.ts';
import { choice, each, exclusive, parsed, text } from '../flags/index.ts';
import type { InitFlags } from './init.ts';

type Flags = InitFlags & { readonly ci?: Ci };

export const addInit = defineCommand<Flags, [folder: string | undefined]>({
  name: 'init',
  description: 'write a first scenario, from your manifests or as an example; or workflows for CI',
  arguments: [['[folder]', 'where it goes (default: podreach); with --ci: the scenarios (default: all)']],
  flags: {
    from: parsed('--from <path>', 'manifests as they ship: a file or a folder; may be repeated', each),
    namespace: text(
      '-n, --namespace <name>',
      'with --from: the namespace of objects that name none (default: default)',
    ),
    ci: exclusive(
      choice('--ci <system>', 'write workflows for pull requests and for every night, and no scenario', [
        'github',
        'gitlab',
      ]),
      'namespace',
    ),
  },
  help: {
    examples: [
      'init --from k8s/',
      'init tests/network --from deploy/base --from deploy/policies',
      'init --ci github --from k8s/',
      'init',
    ],
    notes: [
      'With --ci, --from names what pull requests are compared by (default: the folder).',
      'The expectation is a grid of what the policies do today, for you to review. init overwrites nothing.',
      'A Helm chart is rendered first: `helm template . --namespace prod > rendered.yaml`, then `podreach init --from rendered.yaml -n prod`.',
    ],
  },
  run: async (terminal, flags, folder) => {
    if (flags.ci) {
      const { initCi } = await import('./ci/init-ci.ts');
      const scenarios = folder === undefined ? [] : [folder];
      return initCi(flags.ci, { scenarios, manifests: flags.from ?? scenarios }, terminal);
    }
    const { DEFAULT_FOLDER, init } = await import('./init.ts');
    return init(folder ?? DEFAULT_FOLDER, flags, terminal);
  },
});
