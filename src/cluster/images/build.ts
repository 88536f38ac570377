import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { allOrNone } from '../../all-or-none.ts';
import { cached, contentKey, exclusively, isCached, removeUnfinished, unfinishedFolder } from '../../host/index.ts';
import { numbered, type Progress } from '../../progress.ts';
import { writeArchive } from './archive.ts';
import type { ClusterImages } from './cluster-images.ts';
import { buildComponent, componentKey, moduleFolder, readGoVersion } from './components.ts';
import { buildLayer, layerKey, split } from './layers.ts';
import { buildNode, hasImage, removeDeadBuilds } from './node.ts';
import { type Image, loadRecipe, type Recipe, recipeFolder } from './recipe.ts';
import { buildRoot, rootKey } from './roots.ts';
import { createShare } from './share.ts';

/** Caches promises, so that every artifact is made once, however many others need it. */
const memo = <T>(make: (name: string) => Promise<T>): ((name: string) => Promise<T>) => {
  const made = new Map<string, Promise<T>>();
  return (name) => {
    const promise = made.get(name) ?? make(name);
    made.set(name, promise);
    return promise;
  };
};

const componentKeys = async (recipe: Recipe): Promise<Map<string, string>> => {
  const goVersion = await readGoVersion();
  const entries = Object.entries(recipe.components);
  return new Map(
    await Promise.all(entries.map(async ([name, it]) => [name, await componentKey(name, it, goVersion)] as const)),
  );
};

const pick = <T>(record: Readonly<Record<string, T>>, name: string): T => {
  const value = record[name];
  if (value === undefined) throw new Error(`recipe.yaml names "${name}", which it does not define`);
  return value;
};

/** The program of a component, built into the cache if missing: `componentProgram('kind', 'kind', …)`. */
export const componentProgram = async (name: string, program: string, progress: Progress): Promise<string> => {
  const recipe = await loadRecipe();
  const component = pick(recipe.components, name);
  const key = await componentKey(name, component, await readGoVersion());
  const build = () => buildComponent(name, component, key);
  if (await isCached(name, key)) return join(await build(), program);
  const folder = await exclusively(`building ${name}`, progress, () => progress.during(`building ${name}`, build));
  return join(folder, program);
};

/**
 * Builds whatever is missing from the node image, out of Go modules and Debian packages, and returns what a cluster
 * needs. Everything is stored under a hash of its inputs. Only one build runs at a time on a machine; a second one
 * waits and then finds the result.
 */
export const buildImages = async (progress: Progress, signal?: AbortSignal): Promise<ClusterImages> => {
  const recipe = await loadRecipe();
  const keys = await componentKeys(recipe);
  const key = (component: string) => keys.get(component) ?? '';
  const sources = memo((name) => moduleFolder(name, pick(recipe.components, name), signal));
  const manifest = async (): Promise<string> => {
    const { component, path } = split(recipe.calicoManifest);
    const folder = await cached('calico-manifest', contentKey(path, key(component)), async (unfinished) =>
      cp(join(await sources(component), path), join(unfinished, 'calico.yaml')),
    );
    return join(folder, 'calico.yaml');
  };
  const scripts = await Promise.all(['configure', 'preload'].map((name) => readFile(join(recipeFolder, 'node', name))));
  const node = `podreach/node:${contentKey(
    JSON.stringify([recipe.images, recipe.kubernetesVersion, recipe.pauseImage]),
    ...Object.values(recipe.layers).map((layer) => layerKey(layer, { key, built: sources, sources })),
    ...Object.values(recipe.roots).map(rootKey),
    ...scripts,
  )}`;
  if (!(await hasImage(node))) {
    await exclusively('the image build', progress, async () => {
      if (!(await hasImage(node))) await buildEverything(recipe, node, { key, sources, progress, signal });
    });
  }
  return { node, calicoManifest: await manifest(), probe: recipe.probeImage };
};

/** What is made of the other pieces, with its seconds. */
const LAST_PIECES = { layers: 1, image: 20 };

interface BuildContext {
  readonly key: (component: string) => string;
  readonly sources: (component: string) => Promise<string>;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

const buildEverything = async (
  recipe: Recipe,
  node: string,
  { key, sources, progress, signal: outer }: BuildContext,
): Promise<void> => {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(outer ? [outer] : [])]);
  await removeUnfinished();
  await removeDeadBuilds(progress);
  const names = { components: Object.keys(recipe.components), roots: Object.keys(recipe.roots) };
  const kept = await Promise.all([
    ...names.components.map((name) => isCached(name, key(name))),
    ...names.roots.map((name) => isCached(`root-${name}`, rootKey(pick(recipe.roots, name)))),
  ]);
  const known = new Set([...names.components, ...names.roots].filter((_, index) => kept[index]));
  const missing = [...names.components, ...names.roots].filter((name) => !known.has(name));
  const share = createShare({
    ...Object.fromEntries(missing.map((name) => [name, pick(recipe.seconds, name)])),
    ...LAST_PIECES,
  });
  const counted = numbered(progress, missing.length + Object.keys(LAST_PIECES).length);
  const step = <T>(piece: string, what: string, work: () => Promise<T>): Promise<T> =>
    share.of(piece, () => counted.during(what, work));
  // Two compilers at once keep two cores busy while one of them links. File systems are not limited: they wait for the
  // network.
  const compiling = pLimit(2);
  const fetching = pLimit(1);
  const built = memo((name) => {
    const build = () => buildComponent(name, pick(recipe.components, name), key(name), signal);
    return known.has(name) ? build() : compiling(() => step(name, `building ${name}`, build));
  });
  const root = memo((name) => {
    const build = () => buildRoot(name, pick(recipe.roots, name), signal);
    return known.has(name) ? build() : fetching(() => step(name, `making the root file system ${name}`, build));
  });
  const all = <T>(works: readonly Promise<T>[]) => allOrNone(works, () => stop.abort());
  await share.reported(progress, async () => {
    await all([...names.components.map(built), ...names.roots.map(root)]);
    await assemble(recipe, node, { key, sources, built, root, step, all, signal });
  });
};

interface Parts extends Pick<BuildContext, 'key' | 'sources' | 'signal'> {
  readonly built: (component: string) => Promise<string>;
  readonly root: (name: string) => Promise<string>;
  readonly step: <T>(piece: string, what: string, work: () => Promise<T>) => Promise<T>;
  /** Ends the others if one fails. */
  readonly all: <T>(works: readonly Promise<T>[]) => Promise<readonly T[]>;
}

/** Makes the node image out of components and root file systems. */
const assemble = async (
  recipe: Recipe,
  node: string,
  { key, sources, built, root, step, all, signal }: Parts,
): Promise<void> => {
  const layers = await step(
    'layers',
    'putting the layers together',
    async () =>
      new Map(
        await all(
          Object.entries(recipe.layers).map(
            async ([name, layer]) => [name, await buildLayer(name, layer, { built, key, sources }, signal)] as const,
          ),
        ),
      ),
  );
  const roots = new Map(await all(Object.keys(recipe.roots).map(async (name) => [name, await root(name)] as const)));
  const layersOf = (image: Image) => [
    ...image.roots.map((name) => roots.get(name) ?? ''),
    ...image.layers.map((name) => layers.get(name) ?? ''),
  ];
  const archive = await unfinishedFolder('archive');
  try {
    await step('image', 'making the node image', async () => {
      await writeArchive(archive, recipe.images, layersOf);
      await buildNode(
        node,
        { root: roots.get('node') ?? '', layer: layers.get('node') ?? '', archive },
        recipe,
        signal,
      );
    });
  } finally {
    await rm(archive, { recursive: true, force: true });
  }
};
