import {
  type ClusterOptions,
  clusterDown,
  clusterUp,
  ensureImages,
  type ImageFlags,
  type IpFamily,
} from '../../cluster/index.ts';
import { removeDeadHosts } from '../../deploy/index.ts';
import type { Terminal } from '../terminal/index.ts';

export interface ClusterFlags extends ImageFlags {
  readonly config: string;
  readonly ipFamily?: IpFamily;
}

const optionsOf = (flags: ClusterFlags, { progress, signal }: Terminal): ClusterOptions => ({
  ...flags,
  configFile: flags.config,
  progress,
  signal,
});

/** `podreach cluster up`: idempotent; prints how to reach the cluster. */
export const up = async (flags: ClusterFlags, terminal: Terminal): Promise<void> => {
  const { name, kubeconfig } = await clusterUp(optionsOf(flags, terminal));
  terminal.print(`cluster ${name} is up\n  kubectl --kubeconfig ${kubeconfig} get pods --all-namespaces\n`);
};

/** `podreach cluster down`: removes kept clusters and what dead runs left behind. */
export const down = async (terminal: Terminal): Promise<void> => {
  const { removed, inUse } = await clusterDown(terminal.progress);
  await removeDeadHosts(terminal.progress);
  const lines = [
    ...(removed.length > 0 ? [`removed ${removed.join(', ')}`] : []),
    ...inUse.map((name) => `${name} stays: a run is using it`),
  ];
  terminal.print(`${lines.length > 0 ? lines.join('\n') : 'there is no kept cluster'}\n`);
};

/** `podreach cluster images`: makes sure that the images exist and lists them. */
export const images = async (flags: ClusterFlags, terminal: Terminal): Promise<void> => {
  const { node, calicoManifest, probe } = await ensureImages(flags, terminal.progress, terminal.signal);
  const lines = [
    ['node', node],
    ['Calico', calicoManifest],
    ['probe', probe],
  ];
  terminal.print(lines.map(([what, which]) => `${`${what}`.padEnd(8)}${which}\n`).join(''));
};
