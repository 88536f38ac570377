import { type AddCommand, defineCommand } from '../define-command.ts';
import {
  environmentFlags,
  environmentSettings,
  familyFlag,
  kubeconfigFlag,
  parsed,
  text,
  toggle,
  wholeNumber,
} from '../flags/index.ts';
import { age } from './age.ts';
import type { ClusterFlags } from './cluster.ts';
import type { GcFlags } from './gc.ts';

const addUp = defineCommand<ClusterFlags, []>({
  name: 'up',
  description: 'start the cluster and leave it up; does nothing if it is already up',
  flags: { ...environmentFlags(), ipFamily: familyFlag() },
  settings: environmentSettings,
  help: { examples: ['cluster up', 'cluster up --ip-family dual'] },
  run: async (terminal, flags) => {
    const { up } = await import('./cluster.ts');
    await up(flags, terminal);
    return 0;
  },
});

const addDown = defineCommand<object, []>({
  name: 'down',
  description: 'remove kept clusters and what dead runs left behind',
  help: { examples: ['cluster down'] },
  run: async (terminal) => {
    const { down } = await import('./cluster.ts');
    await down(terminal);
    return 0;
  },
});

const addGc = defineCommand<GcFlags, []>({
  name: 'gc',
  description: 'remove what dead runs left behind: clusters, containers, images, namespaces, routes on nodes, files',
  flags: {
    dryRun: toggle('--dry-run', 'list what would be removed and why, but remove nothing'),
    olderThan: parsed('--older-than <age>', 'only what is older: 90s, 30m, 12h, 2d; what has no known age stays', age),
    process: parsed('--process <number>', 'only what this process left', wholeNumber(1)),
    context: text('--context <name>', 'also look for namespaces in this cluster of your own'),
    kubeconfig: kubeconfigFlag(),
  },
  help: {
    examples: ['cluster gc --dry-run', 'cluster gc', 'cluster gc --older-than 12h --context staging'],
    notes: [
      'Removes only what this user created with this cache folder and whose process has ended. A kept cluster stays (`cluster down` removes it). A namespace is removed when its run no longer gives a sign of life, whoever started it.',
      'Exit codes: 0 everything found was removed, 2 something could not be searched for or removed.',
    ],
  },
  run: async (terminal, flags) => {
    const { gc } = await import('./gc.ts');
    return gc(flags, terminal);
  },
});

const addImages = defineCommand<Omit<ClusterFlags, 'ipFamily'>, []>({
  name: 'images',
  description: 'pull or build the images that the cluster needs',
  flags: environmentFlags(),
  settings: environmentSettings.filter((name) => name !== 'ipFamily'),
  help: { examples: ['cluster images', 'cluster images --images build'] },
  run: async (terminal, flags) => {
    const { images } = await import('./cluster.ts');
    await images(flags, terminal);
    return 0;
  },
});

export const addCluster: AddCommand = (program, context) => {
  const command = program.command('cluster').description("podreach's own cluster: kind with Calico");
  for (const add of [addUp, addDown, addGc, addImages]) add(command, context);
};
