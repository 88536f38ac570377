import { opendir } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { slipOf } from './slip.ts';
import { isThere } from './source.ts';

/** A folder may hold millions. */
const MOST_NAMES = 5_000;

/** A path that exists and differs from a missing one by a slip or two in its names; undefined where there is none. */
export const likePath = async (missing: string): Promise<string | undefined> => {
  const [first = '', ...rest] = normalize(missing).split(sep);
  let found = first === '' ? sep : '.';
  for (const name of (first === '' ? rest : [first, ...rest]).filter(Boolean)) {
    const like = (await isThere(join(found, name))) ? name : slipOf(name, await namesIn(found));
    if (like === undefined) return undefined;
    found = join(found, like);
  }
  return found;
};

/** The first names in a folder; none where it can't be read. */
const namesIn = async (folder: string): Promise<readonly string[]> => {
  const names: string[] = [];
  try {
    for await (const { name } of await opendir(folder)) {
      names.push(name);
      if (names.length === MOST_NAMES) break;
    }
  } catch {
    return names;
  }
  return names;
};
