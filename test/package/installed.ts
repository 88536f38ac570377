import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

export const root = join(import.meta.dirname, '../..');
export const inProject = { stdin: 'ignore', reject: false, all: true } as const;

/** podreach as a user has it: packed, and installed into the starter for mocha. */
export interface Installed {
  readonly folder: string;
  /** The files in the package. */
  readonly packed: readonly string[];
  /** The oldest Node.js that the package supports, as `22.22.0`. */
  readonly oldestNode: string;
  /** The path of a program that came with a package. */
  bin(name: string): string;
}

/** `>=22.22` is any release from 22.22.0. */
const oldestOf = (engines: string): string => {
  const [, major = '', minor = '0', patch = '0'] = /^>=(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(engines) ?? [];
  if (major === '') throw new RangeError(`no oldest Node.js in ${engines}`);
  return `${major}.${minor}.${patch}`;
};

const install = async (folder: string): Promise<Installed> => {
  const { stdout } = await execa('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: root,
    stdin: 'ignore',
  });
  const [tarball] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string; files: { path: string }[] }];
  const { engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { engines: { node: string } };
  const oldestNode = oldestOf(engines.node);
  await cp(join(root, 'examples/mocha'), folder, { recursive: true });
  const starter = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  // This version may not be published yet.
  starter.devDependencies.podreach = `file:${tarball.filename}`;
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...starter, allowScripts: { node: true } }));
  const wanted = [`node@${oldestNode}`, '@types/node@22', '@types/chai@5'];
  await execa('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...wanted], {
    cwd: folder,
    stdin: 'ignore',
  });
  await cp(join(root, 'scenarios/deny-all'), join(folder, 'deny-all'), { recursive: true });
  await cp(join(import.meta.dirname, 'uses'), folder, { recursive: true });
  return {
    folder,
    packed: tarball.files.map(({ path }) => path),
    oldestNode,
    bin: (name) => join(folder, 'node_modules/.bin', name),
  };
};

let folder: string | undefined;
let ready: Promise<Installed> | undefined;
/** One for all tests, because it takes half a minute. */
export const installed = (): Promise<Installed> => {
  ready ??= mkdtemp(join(tmpdir(), 'podreach-package-')).then((made) => {
    folder = made;
    return install(made);
  });
  return ready;
};
after(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});
