/**
 * The page's own files, which ship with podreach: the only ones that a report reads. The modules of its script are joined
 * into one, because a page without a network can't import; so a name at their top level is used once.
 */
import { readFile } from 'node:fs/promises';

/** In the order in which they need each other. */
const MODULES = [
  'elements',
  'data',
  'drawn',
  'link',
  'view',
  'marks',
  'sizes',
  'grid',
  'policy',
  'cell',
  'step',
  'measured',
  'filters',
  'navigation',
  'theme',
  'main',
] as const;

/** In the order in which a later rule overrides an earlier one. */
const STYLES = ['base', 'layout', 'policy', 'scenarios', 'measured', 'grid', 'media'] as const;

export interface Assets {
  readonly script: string;
  readonly style: string;
}

const read = (name: string): Promise<string> => readFile(new URL(`page/${name}`, import.meta.url), 'utf8');

let loaded: Promise<Assets> | undefined;

export const loadAssets = (): Promise<Assets> => {
  loaded ??= load();
  return loaded;
};

const load = async (): Promise<Assets> => {
  const modules = await Promise.all(MODULES.map((name) => read(`${name}.js`)));
  const styles = await Promise.all(STYLES.map((name) => read(`${name}.css`)));
  return { script: modules.map(withoutBorders).join('\n'), style: styles.join('') };
};

/** A module without its imports and the word `export`. */
const withoutBorders = (module: string): string =>
  module.replaceAll(/^import [^;]*;\n/gm, '').replaceAll(/^export (?=const |let |function )/gm, '');
