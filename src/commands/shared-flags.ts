/** Flags and arguments that several commands take. */
import { fileURLToPath } from 'node:url';
import type { IpFamily } from '../cluster/index.ts';
import type { ImageChoice } from '../host/index.ts';
import { notEmpty, pattern } from './arguments.ts';
import { choice, exclusive, parsed, text } from './flag.ts';

export const pathsArgument = ['[paths...]', 'scenario folders, or folders of them (default: scenarios)'] as const;
export const pathsOr = (paths: readonly string[]) => (paths.length > 0 ? paths : ['scenarios']);

export const grepFlag = () =>
  parsed('--grep <pattern>', 'only scenarios whose name matches this regular expression', pattern);

export const kubeconfigFlag = () =>
  text('--kubeconfig <file>', 'with --context: where to look it up, instead of your own kubeconfig');

const configFile = fileURLToPath(new URL('../../kind-config.yaml', import.meta.url));

/** Where the pods' image comes from, on any cluster. */
export const mirrorFlags = () => ({
  mirror: text('--mirror <host[/prefix]>', 'a registry that stands in for the public ones'),
  probeImage: text('--probe-image <image>', 'the image of the probe pods, instead of the pinned one'),
});

/** What a cluster of podreach's own is made from. */
export const environmentFlags = () => ({
  images: choice<ImageChoice>(
    '--images <source>',
    'where the cluster comes from: pulled, or built on this machine',
    ['auto', 'registry', 'build'],
    'auto',
  ),
  ...mirrorFlags(),
  registryCa: text(
    '--registry-ca <file>',
    'with --mirror: the certificates, in PEM, by which nodes know that registry',
  ),
  nodeImage: text('--node-image <image>', "kind's node image, instead of the pinned one"),
  calico: text(
    '--calico <version|file>',
    'another release of Calico, or its manifest; add @sha256:… to have it checked',
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
