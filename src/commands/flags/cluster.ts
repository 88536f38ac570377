/** On which cluster a command works, and what podreach's own is made from. */
import { fileURLToPath } from 'node:url';
import type { IpFamily } from '../../cluster/index.ts';
import type { ImageChoice } from '../../host/index.ts';
import { choice, exclusive, parsed, text, toggle } from './flag.ts';
import { notEmpty, probeTimeoutMs, settleTimeoutMs } from './values.ts';

export const kubeconfigFlag = () =>
  text('--kubeconfig <file>', 'with --context: the kubeconfig that has it (default: your own)');

const configFile = fileURLToPath(new URL('../../../kind-config.yaml', import.meta.url));

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

/** How a command that runs scenarios probes, and on which cluster. */
export const liveFlags = () => ({
  timeout: parsed(
    '--timeout <ms>',
    'how long a probe waits for an answer; a lost SYN is sent again after 1000',
    probeTimeoutMs,
    { value: 1500 },
  ),
  settleTimeout: parsed(
    '--settle-timeout <ms>',
    'how long a change of policies, labels or pods may take to be enforced',
    settleTimeoutMs,
    { value: 30_000 },
  ),
  keep: toggle('--keep', 'leave the cluster up for the next run'),
  context: text('--context <name>', 'run on your own cluster, the context of that name in your kubeconfig'),
  kubeconfig: kubeconfigFlag(),
  ...environmentFlags(),
  ipFamily: familyFlag(),
});
