import { execa } from 'execa';
import { PodreachError } from '../errors.ts';
import { cancelledBy, isAtLeast, killGroup, run, versionIn } from '../host/index.ts';
import type { Progress } from '../progress.ts';
import { componentProgram } from './images/index.ts';
import { familyOf } from './ip-family.ts';

/** The oldest release whose defaults and file formats podreach supports. */
const oldest = '0.33.0';

/** Whether `kind version` prints a recent enough release: `kind v0.33.0 go1.26.8 linux/amd64`. */
export const isRecent = (versionLine: string): boolean => {
  const version = versionIn(/^kind v(?=\d)\S+/.exec(versionLine)?.[0] ?? '');
  return version !== null && isAtLeast(version, oldest);
};

/** The kind program: the user's if it is recent enough, otherwise podreach's own, built from its Go module. */
export const kindProgram = async (progress: Progress): Promise<string> => {
  const { stdout = '', failed } = await execa('kind', ['version'], { reject: false });
  return !failed && isRecent(String(stdout)) ? 'kind' : componentProgram('kind', 'kind', progress);
};

export interface KindCluster {
  readonly name: string;
  /** Path of the cluster's own kubeconfig; the user's is never touched. */
  readonly kubeconfig: string;
}

export interface KindCreation extends KindCluster {
  /** The text of kind's configuration. */
  readonly config: string;
  readonly nodeImage: string;
  /** Called with kind's process before kind creates anything. */
  readonly beforeStart?: ((pid: number) => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Creates the nodes. Does not wait for them: without a CNI they can't become ready. Does not pass `--retain`, so kind
 * removes what it created when it fails.
 */
export const createKindCluster = async (kind: string, cluster: KindCreation): Promise<void> => {
  const { name, config, kubeconfig, nodeImage, signal } = cluster;
  let stop = () => {};
  // In its own process group, so that kind's running docker commands end with it.
  const beforeStart = async (pid: number): Promise<void> => {
    stop = () => killGroup(pid);
    signal?.addEventListener('abort', stop, { once: true });
    await cluster.beforeStart?.(pid);
  };
  const purpose = `creating the cluster ${name}`;
  const args = ['create', 'cluster', '--name', name, '--config', '-', '--kubeconfig', kubeconfig, '--image', nodeImage];
  const hint = '`podreach doctor` checks whether kind can run on this machine';
  try {
    await run(kind, args, { purpose, hint, ...cancelledBy(signal), detached: true, beforeStart, input: config });
  } catch (error) {
    if (signal?.aborted || familyOf(config) === 'ipv4' || !(await lacksIpv6())) throw error;
    throw new PodreachError(`${purpose}: it needs IPv6, but Docker's network "kind" has none`, {
      hint: "turn on IPv6 in this machine's kernel and in the Docker Engine (https://docs.docker.com/engine/daemon/ipv6/), \
then remove the network while no cluster uses it, and kind creates it again: docker network rm kind",
      cause: error,
    });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
};

/** Whether kind created its network without IPv6, which it does silently if Docker has no IPv6. */
const lacksIpv6 = async (): Promise<boolean> => {
  const args = ['network', 'inspect', 'kind', '--format', '{{.EnableIPv6}}'];
  const { stdout = '' } = await execa('docker', args, { reject: false, timeout: 20_000 });
  return stdout.trim() === 'false';
};

/** Removes the nodes; a missing cluster counts as removed. */
export const deleteKindCluster = async (kind: string, { name, kubeconfig }: KindCluster): Promise<void> => {
  await run(kind, ['delete', 'cluster', '--name', name, '--kubeconfig', kubeconfig], {
    purpose: `removing the cluster ${name}`,
    timeout: 180_000,
    // A Ctrl-C in a terminal goes to the whole process group, and must not hit the cleanup that follows it.
    detached: true,
    hint: 'is the Docker Engine running? check with `podreach doctor`',
  });
};

/** Has kind write the logs of a cluster's nodes and their pods into a folder. */
export const exportKindLogs = async (
  kind: string,
  name: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> => {
  await run(kind, ['export', 'logs', folder, '--name', name], {
    purpose: `exporting the logs of the cluster ${name}`,
    ...cancelledBy(signal),
  });
};

/** The names of the cluster's node containers, all or only the running ones; empty if it does not exist. */
export const nodesOf = async (name: string, which: 'all' | 'running' = 'all'): Promise<string[]> => {
  const filters = [
    '--filter',
    `label=io.x-k8s.kind.cluster=${name}`,
    ...(which === 'running' ? ['--filter', 'status=running'] : ['--all']),
  ];
  const names = await run('docker', ['ps', ...filters, '--format', '{{.Names}}'], {
    purpose: 'asking Docker for nodes',
    timeout: 60_000,
  });
  return names.split('\n').filter((line) => line !== '');
};

/** The container of the control plane, which has kubectl with full rights. */
export const controlPlane = (name: string): string => `${name}-control-plane`;
