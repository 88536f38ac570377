/** What exists in the Docker Engine and records its own owner. */
import { execa } from 'execa';
import { PodreachError } from '../errors.ts';
import { run } from './command.ts';
import { LABELS, type Ownership, parseLabels } from './ownership.ts';
import { parseBinds } from './ownership-mount.ts';

/** A cluster of podreach's, as its nodes describe it. */
export interface FoundCluster {
  readonly name: string;
  /** Undefined for a cluster of an earlier version, whose nodes don't record it. */
  readonly ownership: Ownership | undefined;
  readonly created: Date;
}

/** A container or image that podreach created directly, not through kind. */
export interface FoundObject {
  readonly kind: 'container' | 'image';
  /** Docker's identifier. */
  readonly id: string;
  readonly name: string;
  readonly ownership: Ownership;
  readonly labels: Readonly<Record<string, string>>;
  readonly created: Date;
}

interface Inspected {
  readonly Id: string;
  readonly Name?: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Created: string;
  readonly Config?: { readonly Labels?: Readonly<Record<string, string>> | null } | null;
  readonly HostConfig?: { readonly Binds?: readonly string[] | null };
}

const deadlineMs = 60_000;
const CLUSTER_LABEL = 'io.x-k8s.kind.cluster';

/** What `docker inspect` says about those that still exist. */
const inspected = async (kind: FoundObject['kind'], ids: readonly string[]): Promise<readonly Inspected[]> => {
  if (ids.length === 0) return [];
  const args = ['inspect', '--type', kind, '--format', '{{json .}}', ...ids];
  // If one is already gone, the command fails, but only after it has printed the others.
  const { stdout } = await execa('docker', args, { reject: false, timeout: deadlineMs, maxBuffer: 64 * 2 ** 20 });
  return (stdout ?? '').split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Inspected] : []));
};

const idsOf = async (...args: readonly string[]): Promise<readonly string[]> => {
  const options = { purpose: 'asking Docker what podreach created', timeout: deadlineMs };
  const list = await run('docker', [...args, '--quiet', '--no-trunc'], options);
  return [...new Set(list.split('\n').filter((id) => id !== ''))];
};

/** Every cluster whose name has podreach's prefix, whoever created it. */
export const foundClusters = async (): Promise<readonly FoundCluster[]> => {
  const nodes = await inspected('container', await idsOf('ps', '--all', '--filter', `label=${CLUSTER_LABEL}`));
  const byName = Map.groupBy(nodes, ({ Config }) => Config?.Labels?.[CLUSTER_LABEL] ?? '');
  return [...byName]
    .filter(([name]) => name.startsWith('podreach-'))
    .map(([name, members]) => {
      const ownerships = members.flatMap(({ HostConfig }) => parseBinds(HostConfig?.Binds ?? []) ?? []);
      const created = new Date(Math.min(...members.map(({ Created }) => Date.parse(Created))));
      return { name, ownership: ownerships[0], created };
    });
};

const LISTS = { container: ['ps', '--all'], image: ['images'] } as const;

/** Every container and image that carries podreach's labels, whoever created it. */
export const foundObjects = async (
  kinds: readonly FoundObject['kind'][] = ['container', 'image'],
): Promise<readonly FoundObject[]> => {
  const found = await Promise.all(
    kinds.map(async (kind) => {
      const ids = await idsOf(...LISTS[kind], '--filter', `label=${LABELS.home}`);
      return (await inspected(kind, ids)).map(asObject(kind));
    }),
  );
  return found.flat().filter((object) => object !== undefined);
};

const asObject =
  (kind: FoundObject['kind']) =>
  ({ Id, Name, RepoTags, Created, Config }: Inspected): FoundObject | undefined => {
    const labels = Config?.Labels ?? {};
    const ownership = parseLabels(labels);
    // By its tag: an image that others are based on can lose its tag but can't be removed.
    const id = RepoTags?.[0] ?? Id;
    const name = Name?.replace(/^\//, '') ?? id;
    return ownership && { kind, id, name, ownership, labels, created: new Date(Created) };
  };

/** Removes an object; also resolves if it was already gone. Throws a PodreachError with Docker's message. */
export const removeObject = async ({ kind, id, name }: Pick<FoundObject, 'kind' | 'id' | 'name'>): Promise<void> => {
  const command = kind === 'image' ? ['rmi', id] : ['rm', '--force', '--volumes', id];
  // A Ctrl-C in a terminal goes to the whole process group, and must not hit the cleanup that follows it.
  const options = { purpose: `removing the ${kind} ${name}`, timeout: deadlineMs, detached: true };
  await run('docker', command, options).catch((error: unknown) => {
    if (!(error instanceof PodreachError && isGoing.test(error.message))) throw error;
  });
};

/** Docker's messages for an object that is gone, or that another process is removing at this moment. */
const isGoing = /no such (container|image)|removal of container \S+ is already in progress/i;
