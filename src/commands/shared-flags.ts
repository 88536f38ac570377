/** Flags and arguments that several commands take. */
import { fileURLToPath } from 'node:url';
import type { IpFamily } from '../cluster/index.ts';
import type { ImageChoice } from '../host/index.ts';
import { notEmpty, pattern } from './arguments.ts';
import { choice, exclusive, parsed, text } from './flag.ts';

export const pathsArgument = [
  '[paths...]',
  'scenario folders, or folders of them (default: podreach.yaml, or all below this folder); or Kubernetes manifests: files, folders, - for stdin',
] as const;

export const grepFlag = () =>
  parsed('--grep <pattern>', 'only scenarios whose name matches this regular expression', pattern);

export const namespaceFlag = () =>
  text('-n, --namespace <name>', 'for manifests without a scenario: the namespace of objects that name none');

export const kubeconfigFlag = () =>
  text('--kubeconfig <file>', 'with --context: the kubeconfig that has it (default: your own)');

const configFile = fileURLToPath(new URL('../../kind-config.yaml', import.meta.url));

/** Where the probe image comes from, on any cluster. */
export const mirrorFlags = () => ({
  mirror: text('--mirror <host[/prefix]>', 'a registry to use instead of the public ones'),
  probeImage: text('--probe-image <image>', 'the image of the probe pods (default: a pinned agnhost)'),
});

/** What podreach's own cluster is made from. */
export const environmentFlags = () => ({
  images: choice<ImageChoice>(
    '--images <source>',
    'where the images come from: pulled from registries, or built on this machine',
    ['auto', 'registry', 'build'],
    'auto',
  ),
  ...mirrorFlags(),
  registryCa: text('--registry-ca <file>', "with --mirror: that registry's CA certificates, in PEM"),
  nodeImage: text('--node-image <image>', "kind's node image (default: a pinned one)"),
  calico: text('--calico <version|file>', 'another release of Calico, or its manifest; @sha256:… is checked'),
  config: parsed('--config <file>', "kind's configuration for the cluster", notEmpty, {
    value: configFile,
    shown: 'kind-config.yaml',
  }),
});

/** Excludes --context: podreach can't choose the families of that cluster. */
export const familyFlag = () =>
  exclusive(
    choice<IpFamily>(
      '--ip-family <family>',
      "the IP families of podreach's cluster (default: what its configuration says)",
      ['ipv4', 'ipv6', 'dual'],
    ),
    'context',
  );
