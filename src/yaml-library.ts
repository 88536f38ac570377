import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * The parser that knows the place of everything in a YAML file. Loading it takes as long as reading hundreds of plain
 * manifests, so it is loaded for the first text that needs it. It needs `require`, because places are asked for in the middle
 * of what is synchronous.
 */
export const yaml = (): typeof import('yaml') => {
  library ??= require('yaml') as typeof import('yaml');
  return library;
};

let library: typeof import('yaml') | undefined;

/** As kubectl reads it: in YAML 1.1, `on` and `y` need quotes. Objects that stand in it twice become aliases, unless that is off. */
export const manifestYaml = (value: unknown, options: { readonly aliasDuplicateObjects?: boolean } = {}): string =>
  yaml().stringify(value, { version: '1.1', lineWidth: 0, ...options });

/** On one line that can be pasted into a manifest. */
export const inlineYaml = (value: unknown): string =>
  yaml().stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trim();
