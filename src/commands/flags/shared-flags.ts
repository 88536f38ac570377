/** Flags and arguments that several commands take. */
import { fileURLToPath } from 'node:url';
import type { IpFamily } from '../../cluster/index.ts';
import type { ImageChoice } from '../../host/index.ts';
import type { ChoiceFlags } from '../selection/chosen-scenarios.ts';
import { choice, exclusive, type FlagsOf, parsed, text, toggle } from './flag.ts';
import { notEmpty, pattern, probeTimeoutMs, settleTimeoutMs, tagList, wholeNumber } from './values.ts';

export const pathsArgument = [
  '[paths...]',
  'scenario folders, or folders of them (default: podreach.yaml, or all below this folder); or Kubernetes manifests: files, folders, - for stdin',
] as const;

/** Which scenarios a command works on. */
export const choiceFlags = (): FlagsOf<ChoiceFlags> => ({
  grep: parsed('--grep <pattern>', 'only scenarios whose name matches this regular expression', pattern),
  grepInvert: parsed('--grep-invert <pattern>', 'only scenarios whose name does not match it', pattern),
  tag: parsed(
    '--tag <tags>',
    'only scenarios with one of these tags (nightly,dns); repeated: with one of each',
    tagList,
  ),
  lastFailed: toggle('--last-failed', 'only scenarios that did not pass when they last ran in this folder'),
  list: toggle('--list', 'print the names, files and tags of the scenarios, and do nothing with them'),
  forbidOnly: toggle('--forbid-only', 'fail if a scenario has `only: true`'),
  passWithNoTests: toggle('--pass-with-no-tests', 'exit 0 if no scenario is found or selected'),
  namespace: namespaceFlag(),
});

export const namespaceFlag = () =>
  text('-n, --namespace <name>', 'for manifests without a scenario: the namespace of objects that name none');

export const kubeconfigFlag = () =>
  text('--kubeconfig <file>', 'with --context: the kubeconfig that has it (default: your own)');

const configFile = fileURLToPath(new URL('../../../kind-config.yaml', import.meta.url));

const retriesFlag = () =>
  parsed(
    '--retries <n>',
    'how often a cell is probed again that broke or changed between attempts, whatever is expected of it',
    wholeNumber(0),
    { value: 1 },
  );

export const historyFlag = () => text('--history <dir>', 'keep what was seen in this folder, for `podreach history`');

const MATRICES_AT_MOST = 1_000;

/** How flaky cells are looked for, and what they do to the exit code. */
export const flakeFlags = (what: string) => ({
  retries: retriesFlag(),
  repeatEach: parsed(
    '--repeat-each <n>',
    `take ${what} so many times, and report how often each cell differed`,
    wholeNumber(1, MATRICES_AT_MOST),
    { value: 1 },
  ),
  failOnFlaky: toggle('--fail-on-flaky', 'exit 1 also for a flaky cell of which nothing is expected'),
});

/** Where the probe image comes from, on any cluster. */
export const mirrorFlags = () => ({
  mirror: text('--mirror <host[/prefix]>', 'a registry to use instead of the public ones'),
  probeImage: text('--probe-image <image>', 'the image of the probe pods (default: a pinned agnhost)'),
});

/** How existing pods are probed, and with whose consent. */
export const attachFlags = () => ({
  yes: toggle('-y, --yes', 'do not ask for confirmation'),
  kubeconfig: text('--kubeconfig <file>', 'the kubeconfig that has the context (default: your own)'),
  ...mirrorFlags(),
  ephemeral: exclusive(toggle('--ephemeral', "probe only from ephemeral containers, never from the pods' own"), 'exec'),
  exec: toggle('--exec', "probe only from the pods' own containers, which leaves nothing behind"),
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
