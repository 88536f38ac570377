/**
 * A Docker Engine and a kind of files, as programs on PATH: each container and image is a file of JSON in the folder
 * `containers` or `images`, in the form of `docker inspect`. kind takes its time over each node.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ownership } from '../../../src/host/ownership.ts';
import { ownershipPath } from '../../../src/host/ownership-mount.ts';

const PROGRAMS = ['docker', 'kind'] as const;

export interface FakeObject {
  readonly labels?: Readonly<Record<string, string>>;
  readonly binds?: readonly string[];
  /** Docker can't remove it. */
  readonly stuck?: boolean;
  readonly created?: Date;
}

export interface FakeEngine {
  /** Its programs, `docker` and `kind`, are here. */
  readonly folder: string;
  add(kind: 'container' | 'image', name: string, object: FakeObject): Promise<void>;
  /** Adds the nodes of a cluster as kind makes them. */
  addCluster(name: string, ownership?: Ownership): Promise<void>;
  containers(): Promise<readonly string[]>;
  images(): Promise<readonly string[]>;
  /** The processes of kind that began to create a cluster, by its name. */
  creators(): Promise<ReadonlyMap<string, number>>;
}

/** Puts such programs first on PATH for each test of the suite, with an Engine that holds nothing. */
export const fakeEngine = (): FakeEngine => {
  const before = process.env.PATH;
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podreach-engine-'));
    for (const name of PROGRAMS) await cp(join(import.meta.dirname, 'fake-engine', name), join(folder, name));
    for (const kind of ['containers', 'images']) await mkdir(join(folder, kind));
    process.env.PATH = `${folder}:${before}`;
  });
  afterEach(async () => {
    process.env.PATH = before;
    await rm(folder, { recursive: true, force: true });
  });
  const add: FakeEngine['add'] = (kind, name, { labels = {}, binds = [], stuck = false, created = new Date() }) =>
    writeFile(
      join(folder, `${kind}s`, name.replaceAll('/', '_')),
      JSON.stringify({
        Id: name.replaceAll('/', '_'),
        ...(kind === 'image' ? { RepoTags: [name] } : { Name: `/${name}` }),
        Created: created.toISOString(),
        Config: { Labels: labels },
        HostConfig: { Binds: binds },
        Stuck: stuck,
      }),
    );
  return {
    get folder() {
      return folder;
    },
    add,
    addCluster: (name, ownership) =>
      add('container', `${name}-control-plane`, {
        labels: { 'io.x-k8s.kind.cluster': name },
        ...(ownership && { binds: [`/dev/null:${ownershipPath(ownership)}:ro`] }),
      }),
    containers: async () => (await readdir(join(folder, 'containers'))).sort(),
    images: async () => (await readdir(join(folder, 'images'))).sort(),
    creators: async () => {
      const lines = (await readFile(join(folder, 'creators'), 'utf8').catch(() => '')).split('\n');
      return new Map(
        lines.flatMap((line) => (line === '' ? [] : [[line.split(' ')[0] ?? '', Number(line.split(' ')[1])]])),
      );
    },
  };
};
