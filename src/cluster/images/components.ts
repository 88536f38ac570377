import { readdir, readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { cached, cancelledBy, contentKey, run } from '../../host/index.ts';
import { type Component, recipeFolder } from './recipe.ts';

const goHint = 'install Go 1.26 or later (https://go.dev/dl) and put `go` on PATH, or use --images registry';

/** The Go sources and module files of a component's folder, as paths relative to it. */
const sourcesOf = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true })).filter((path) => /\.go$|go\.(mod|sum)$/.test(path)).sort();

/** Changes with the component's recipe, sources or locked modules, and with the compiler. */
export const componentKey = async (name: string, component: Component, goVersion: string): Promise<string> => {
  const folder = join(recipeFolder, name);
  const sources = await sourcesOf(folder);
  const contents = await Promise.all(sources.map((source) => readFile(join(folder, source))));
  return contentKey(goVersion, JSON.stringify(component), ...sources, ...contents);
};

/** `go version go1.26.8 linux/amd64`; the build's settings depend on it. */
export const readGoVersion = (): Promise<string> =>
  run('go', ['version'], { purpose: 'building the images', hint: goHint });

// Garbage collection takes a fifth of the compiler's time and is useless if memory is plentiful.
const collection = totalmem() > 14 * 2 ** 30 ? { GOGC: 'off', GOMEMLIMIT: '5GiB' } : {};
const environment = { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', ...collection };

/** Builds the component's packages into the cache, with every module checked against go.sum; returns the folder. */
export const buildComponent = (
  name: string,
  component: Component,
  key: string,
  signal?: AbortSignal,
): Promise<string> =>
  cached(name, key, async (folder) => {
    const stamps = Object.entries(component.stamps).map(([variable, value]) => `-X ${variable}=${value}`);
    await run(
      'go',
      [
        'build',
        '-trimpath',
        '-buildvcs=false',
        `-tags=${component.tags.join(',')}`,
        `-ldflags=-s -w ${stamps.join(' ')}`,
        '-o',
        `${folder}/`,
        ...component.packages,
      ],
      {
        purpose: `building ${name}`,
        hint: goHint,
        cwd: join(recipeFolder, name),
        env: environment,
        ...cancelledBy(signal),
      },
    );
  });

/** The folder of a component's Go module in Go's module cache, downloaded if missing. */
export const moduleFolder = async (name: string, component: Component, signal?: AbortSignal): Promise<string> => {
  const options = {
    purpose: `locating the sources of ${name}`,
    cwd: join(recipeFolder, name),
    env: environment,
    ...cancelledBy(signal),
  };
  await run('go', ['mod', 'download', component.module ?? ''], options);
  return run('go', ['list', '-m', '-f', '{{.Dir}}', component.module ?? ''], options);
};
