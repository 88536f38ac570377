/** Flags and arguments that several commands take. */
import { fileURLToPath } from 'node:url';
import type { IpFamily } from '../cluster/index.ts';
import type { ImageChoice } from '../host/index.ts';
import { notEmpty, pattern } from './arguments.ts';
import { choice, exclusive, parsed, text } from './flag.ts';

export const pathsArgument = [
  '[paths...]',
  'scenario folders, or folders of them (default: scenarios); or Kubernetes manifests: files, folders, - for stdin',
] as const;
export const pathsOr = (paths: readonly string[]) => (paths.length > 0 ? paths : ['scenarios']);

export const grepFlag = () =>
  parsed('--grep <pattern>', 'only scenarios whose name matches this regular expression', pattern);

export const namespaceFlag = () =>
  text('-n, --namespace <name>', 'of manifests without a scenario: where objects go that name no namespace');

export const kubeconfigFlag = () =>
  text('--kubeconfig <file>', 'with --context: where to look it up, instead of your own kubeconfig');

const configFile = fileURLToPath(new URL('../../kind-config.yaml', import.meta.url));

/** What a cluster of podreach's own is made from. */
export const environmentFlags = () => ({
  images: choice<ImageChoice>(
    '--images <source>',
    'where the cluster comes from: pulled, or built on this machine',
    ['auto', 'registry', 'build'],
    'auto',
  ),
  config: parsed('--config <file>', "kind's configuration of the cluster", notEmpty, {
    value: configFile,
    shown: 'kind-config.yaml',
  }),
});

/** Not with --context: podreach has no say in what families that cluster has. */
export const familyFlag = () =>
  exclusive(
    choice<IpFamily>(
      '--ip-family <family>',
      "the addresses of podreach's cluster (default: what its configuration says)",
      ['ipv4', 'ipv6', 'dual'],
    ),
    'context',
  );
