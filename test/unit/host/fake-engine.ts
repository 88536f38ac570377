/**
 * A Docker Engine and a kind of files, as programs on PATH: each container and image is a file of JSON in the folder
 * `containers` or `images`, in the form of `docker inspect`. kind takes its time over each node.
 */
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ownership } from '../../../src/host/ownership.ts';
import { ownershipPath } from '../../../src/host/ownership-mount.ts';

const DOCKER = `
const [command, ...args] = process.argv.slice(2);
appendFileSync(join(here, 'calls'), process.argv.slice(2).join(' ') + '\\n');
const after = (flag) => args[args.indexOf(flag) + 1];
const all = (kind) => readdirSync(join(here, kind + 's')).flatMap((name) => {
  try { return [JSON.parse(readFileSync(join(here, kind + 's', name), 'utf8'))]; } catch { return []; }
});
const labelled = (objects) => {
  const filters = args.flatMap((arg, index) => (args[index - 1] === '--filter' ? [arg] : []));
  return objects.filter((object) => filters.every((filter) => {
    const [, key, , value] = /^label=([^=]+)(=(.*))?$/.exec(filter) ?? [];
    if (filter.startsWith('status=')) return true;
    const labels = object.Config?.Labels ?? {};
    return key in labels && (value === undefined || labels[key] === value);
  }));
};
const remove = (kind, ids) => {
  for (const id of ids) {
    const found = all(kind).find((object) => object.Id === id || object.Name === '/' + id || object.RepoTags?.includes(id));
    if (!found) { console.error('Error: No such ' + kind + ': ' + id); process.exitCode = 1; continue; }
    if (found.Stuck) { console.error('Error response from daemon: device busy'); process.exitCode = 1; continue; }
    rmSync(join(here, kind + 's', found.Id));
  }
};
if (command === 'version') console.log('20.10');
else if (command === 'ps' || command === 'images') {
  const found = labelled(all(command === 'ps' ? 'container' : 'image'));
  for (const object of found) console.log(args.includes('--quiet') ? object.Id : object.Name.slice(1));
} else if (command === 'inspect' && after('--type')) {
  for (const id of args.slice(4)) {
    const found = all(after('--type')).find((object) => object.Id === id);
    if (found) console.log(JSON.stringify(found));
    else { console.error('Error: No such object: ' + id); process.exitCode = 1; }
  }
} else if (command === 'rm') remove('container', args.slice(2));
else if (command === 'rmi') remove('image', args);
else process.exitCode = 64;
`;

const KIND = `
const [command, , ...args] = process.argv.slice(2);
const name = args[args.indexOf('--name') + 1];
const folder = join(here, 'containers');
if (command === 'version') console.log('kind v0.33.0 go1.26.8 linux/amd64');
else if (command === 'create') {
  appendFileSync(join(here, 'creators'), name + ' ' + process.pid + '\\n');
  const config = readFileSync(0, 'utf8');
  const mounts = [...config.matchAll(/containerPath: (\\S+)/g)].map(([, path]) => path);
  for (const [index, path] of mounts.entries()) {
    await new Promise((resolve) => setTimeout(resolve, index === 0 ? 300 : 5_000));
    const node = name + (index === 0 ? '-control-plane' : '-worker');
    const Labels = { 'io.x-k8s.kind.cluster': name };
    const HostConfig = { Binds: ['/lib/modules:/lib/modules:ro', '/dev/null:' + path + ':ro'] };
    const Created = new Date().toISOString();
    writeFileSync(join(folder, node), JSON.stringify({ Id: node, Name: '/' + node, Created, Config: { Labels }, HostConfig }));
  }
} else if (command === 'delete') {
  for (const node of readdirSync(folder)) if (node.startsWith(name + '-')) rmSync(join(folder, node), { force: true });
}
`;

const program = (text: string): string => `#!${process.execPath}
const { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const here = __dirname;
(async () => {${text}})();
`;

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
    for (const [name, text] of Object.entries({ docker: DOCKER, kind: KIND })) {
      await writeFile(join(folder, name), program(text));
      await chmod(join(folder, name), 0o755);
    }
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
