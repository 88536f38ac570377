import { execa } from 'execa';
import type { Progress } from '../progress.ts';
import { cancelledBy, run } from './command.ts';
import { componentProgram } from './images/index.ts';
import { isAtLeast, versionIn } from './version.ts';

/** The first release whose defaults and file formats podreach was made for. */
const oldest = '0.33.0';

/** Whether `kind version` prints a release that is recent enough: `kind v0.33.0 go1.26.8 linux/amd64`. */
export const isRecent = (versionLine: string): boolean => {
  const version = versionIn(/^kind v(?=\d)\S+/.exec(versionLine)?.[0] ?? '');
  return version !== null && isAtLeast(version, oldest);
};

/** The kind program: the user's where it is recent enough, else podreach's own, built from its Go module. */
export const kindProgram = async (progress: Progress): Promise<string> => {
  const { stdout = '', failed } = await execa('kind', ['version'], { reject: false });
  return !failed && isRecent(String(stdout)) ? 'kind' : componentProgram('kind', 'kind', progress);
};

export interface KindCluster {
  readonly name: string;
  /** Path of its own kubeconfig; the user's is never touched. */
  readonly kubeconfig: string;
}

export interface KindCreation extends KindCluster {
  readonly configFile: string;
  /** Undefined for kind's own default. */
  readonly nodeImage?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Creates the nodes. It does not wait: without a CNI they can't become ready.
 * `--retain` is not given, so kind removes what it created when it fails.
 */
export const createKindCluster = async (kind: string, cluster: KindCreation): Promise<void> => {
  const image = cluster.nodeImage ? ['--image', cluster.nodeImage] : [];
  await run(
    kind,
    [
      'create',
      'cluster',
      '--name',
      cluster.name,
      '--config',
      cluster.configFile,
      '--kubeconfig',
      cluster.kubeconfig,
      ...image,
    ],
    {
      purpose: `creating the cluster ${cluster.name}`,
      hint: '`podreach doctor` checks what kind needs of this machine',
      ...cancelledBy(cluster.signal),
    },
  );
};

/** Removes the nodes; a cluster that is not there counts as removed. */
export const deleteKindCluster = async (kind: string, { name, kubeconfig }: KindCluster): Promise<void> => {
  await run(kind, ['delete', 'cluster', '--name', name, '--kubeconfig', kubeconfig], {
    purpose: `removing the cluster ${name}`,
    timeout: 180_000,
    // A Ctrl-C in a terminal goes to the whole process group; the clean-up that follows on it must not be hit by it.
    detached: true,
    hint: 'is the Docker Engine running? `podreach doctor` tells',
  });
};

/** The names of the cluster's node containers, or of those that run; empty when it is not there. */
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

/** The container of the control plane, which has kubectl and full rights in it. */
export const controlPlane = (name: string): string => `${name}-control-plane`;
