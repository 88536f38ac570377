import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { runAlone } from '../in-process.ts';
import { type Outcome, podreach, type RunningOptions, root } from '../podreach.ts';
import { STUBS } from './stubs.ts';

/** A machine whose Docker, kind, Go and mmdebstrap are stubs; podreach's cache on it outlives a run. */
export interface Machine {
  /** Everything of the user's: cache, temporary files. */
  readonly home: string;
  run(args: readonly string[], options?: Partial<RunningOptions>): Promise<Outcome>;
  /** The same in this process, one after the other, for runs that no signal ends. */
  runHere(args: readonly string[], options?: Pick<RunningOptions, 'env'>): Promise<Outcome>;
  /** Removes every image, and the artifacts of these names, from its cache. */
  forget(artifacts: RegExp): Promise<void>;
  /** Makes every lock in its cache as old as if its holder had died a minute ago. */
  age(): Promise<void>;
  /** What was called so far, in order, each once. */
  calls(): Promise<readonly string[]>;
  /** The names of the containers that are there. */
  containers(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

interface Recipe {
  readonly calicoManifest: string;
  readonly layers: Readonly<
    Record<
      string,
      {
        readonly files?: Record<string, string>;
        readonly copies?: Record<string, string>;
        readonly executable?: readonly string[];
      }
    >
  >;
}

const BOUND_MS = 60_000;

/** What the builds of the recipe would leave: a file for each program and for each thing that is copied out of a module. */
const prepareSources = async (state: string): Promise<void> => {
  const recipe = parse(await readFile(join(root, 'scripts/images/recipe.yaml'), 'utf8')) as Recipe;
  const layers = Object.values(recipe.layers);
  const put = async (path: string): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'stub\n');
  };
  const programs = ['kind/kind', ...layers.flatMap(({ files = {} }) => Object.values(files))];
  for (const program of programs) await put(join(state, 'binaries', program));
  for (const copy of [recipe.calicoManifest, ...layers.flatMap(({ copies = {} }) => Object.values(copies))]) {
    const path = join(state, 'modules', copy.slice(copy.indexOf('/') + 1));
    // Whatever has no ending may be a folder, and one file more in it does no harm.
    await put(basename(path).includes('.') || basename(path) === 'entrypoint' ? path : join(path, 'file'));
  }
  for (const { copies = {}, executable = [] } of layers)
    for (const [target, copy] of Object.entries(copies))
      for (const path of executable.filter((one) => one.startsWith(`${target}/`)))
        await put(join(state, 'modules', copy.slice(copy.indexOf('/') + 1), path.slice(target.length)));
  const components = await readdir(join(root, 'scripts/images'), { withFileTypes: true });
  for (const { name } of components.filter((one) => one.isDirectory())) await put(join(state, 'binaries', name, name));
};

export const createMachine = async (): Promise<Machine> => {
  const folder = await mkdtemp(join(tmpdir(), 'podreach-machine-'));
  const [home, state, stubs] = [join(folder, 'home'), join(folder, 'state'), join(folder, 'bin')];
  for (const path of [home, stubs, join(state, 'containers'), join(state, 'images')])
    await mkdir(path, { recursive: true });
  for (const [name, text] of Object.entries(STUBS)) await writeFile(join(stubs, name), text, { mode: 0o755 });
  await prepareSources(state);
  return {
    home,
    run: (args, { env = {}, ...options } = {}) =>
      podreach(args, { stubs, home, boundMs: BOUND_MS, ...options, env: { STUB_STATE: state, ...env } }),
    runHere: (args, { env = {} } = {}) =>
      runAlone(args, home, { PATH: `${stubs}:${process.env.PATH}`, STUB_STATE: state, ...env }),
    forget: async (artifacts) => {
      const cache = join(home, 'cache/podreach/artifacts');
      const going = (await readdir(cache)).filter((name) => artifacts.test(name)).map((name) => join(cache, name));
      const images = (await readdir(join(state, 'images'))).map((name) => join(state, 'images', name));
      for (const path of [...going, ...images]) await rm(path, { recursive: true });
    },
    age: async () => {
      const locks = join(home, 'cache/podreach/locks');
      const then = new Date(Date.now() - 60_000);
      for (const name of await readdir(locks)) await utimes(join(locks, name), then, then);
    },
    calls: async () => [...new Set((await readFile(join(state, 'calls'), 'utf8')).trimEnd().split('\n'))],
    containers: () => readdir(join(state, 'containers')),
    remove: () => rm(folder, { recursive: true }),
  };
};
