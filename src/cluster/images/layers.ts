import { chmod, cp, mkdir, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PodreachError } from '../../errors.ts';
import { cached, cancelledBy, contentKey, run } from '../../host/index.ts';
import type { Layer } from './recipe.ts';

/** The inputs of a layer: the built components' folders, their keys, and their modules' source folders. */
export interface LayerInputs {
  readonly built: (component: string) => Promise<string>;
  readonly key: (component: string) => string;
  readonly sources: (component: string) => Promise<string>;
}

/** Splits `component/path/in/it`. */
export const split = (reference: string): { component: string; path: string } => {
  const slash = reference.indexOf('/');
  if (slash < 0) throw new PodreachError(`recipe.yaml: "${reference}" is not of the form component/path`);
  return { component: reference.slice(0, slash), path: reference.slice(slash + 1) };
};

const componentsOf = (layer: Layer): string[] =>
  [...Object.values(layer.files), ...Object.values(layer.copies)].map((reference) => split(reference).component);

export const layerKey = (layer: Layer, inputs: LayerInputs): string =>
  contentKey(JSON.stringify(layer), ...componentsOf(layer).map(inputs.key));

const filesUnder = async (path: string): Promise<string[]> => {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
};

/** Go's module archives keep no mode bits: a file that begins with `#!` was a program. */
const markScripts = async (path: string): Promise<void> => {
  for (const file of await filesUnder(path)) {
    const isScript = (await readFile(file)).subarray(0, 2).toString() === '#!';
    if (isScript) await chmod(file, 0o755);
  }
};

/** Builds a layer; returns the path of its tar archive, the same bytes for the same inputs. */
export const buildLayer = async (
  name: string,
  layer: Layer,
  inputs: LayerInputs,
  signal?: AbortSignal,
): Promise<string> => {
  const stopping = cancelledBy(signal);
  const folder = await cached(`layer-${name}`, layerKey(layer, inputs), async (unfinished) => {
    const tree = join(unfinished, 'tree');
    const place = async (path: string) => {
      await mkdir(dirname(join(tree, path)), { recursive: true });
      return join(tree, path);
    };
    for (const [path, reference] of Object.entries(layer.copies)) {
      const { component, path: source } = split(reference);
      // Go's module cache is read-only; the copy must not be.
      const from = join(await inputs.sources(component), source);
      await run('cp', ['-RT', '--no-preserve=mode', from, await place(path)], {
        purpose: `copying ${reference}`,
        ...stopping,
      });
      await markScripts(await place(path));
    }
    for (const [path, reference] of Object.entries(layer.files)) {
      const { component, path: binary } = split(reference);
      await cp(join(await inputs.built(component), binary), await place(path));
    }
    for (const [path, target] of Object.entries(layer.links)) await symlink(target, await place(path));
    for (const path of layer.executable) await chmod(join(tree, path), 0o755);
    for (const path of layer.directories) await mkdir(join(tree, path), { recursive: true });
    await run('chmod', ['-R', 'a+rX', tree], { purpose: `making the layer ${name}`, ...stopping });
    await run(
      'tar',
      [
        '--sort=name',
        '--owner=0',
        '--group=0',
        '--numeric-owner',
        '--mtime=@0',
        '-C',
        tree,
        '-cf',
        join(unfinished, 'layer.tar'),
        '.',
      ],
      { purpose: `making the layer ${name}`, ...stopping },
    );
    await rm(tree, { recursive: true });
  });
  return join(folder, 'layer.tar');
};
