import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PodreachError } from '../../errors.ts';
import type { CreateReporter } from '../../report/index.ts';

/** The default export of a module, by its path from the working directory. Throws a PodreachError if it has none. */
export const loadReporter = async (path: string): Promise<CreateReporter> => {
  const file = resolve(path);
  await access(file).catch(() => {
    throw new PodreachError(`there is no reporter at ${path}`, { hint: 'a path is relative to the working directory' });
  });
  const module: { readonly default?: unknown } = await import(pathToFileURL(file).href).catch((cause: unknown) => {
    throw new PodreachError(`the reporter ${path} can't be loaded: ${messageOf(cause)}`, { cause });
  });
  if (typeof module.default === 'function') return module.default as CreateReporter;
  throw new PodreachError(`the default export of the reporter ${path} is not a function`, {
    hint: 'export default () => ({ onScenarioEnd: ({ name, status }) => [status, " ", name, "\\n"] });',
  });
};

/** What a user's own module threw, in its own words: they are the user's too. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : `a value of type ${typeof thrown} was thrown`;
