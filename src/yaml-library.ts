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
