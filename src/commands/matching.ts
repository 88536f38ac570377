import { runInNewContext } from 'node:vm';
import { PodreachError } from '../errors.ts';
import { excerpt } from '../report/index.ts';

/** Names are short: only a pattern that tries the same again and again takes longer. */
const LIMIT_MS = 5000;

/** The items whose name matches. Throws a PodreachError where the pattern takes too long, as `(a+)+b` can. */
export const matching = <Item extends { readonly name: string }>(
  items: readonly Item[],
  pattern: RegExp,
  limitMs = LIMIT_MS,
): Item[] => {
  const match = (): Item[] => items.filter(({ name }) => pattern.test(name));
  try {
    // Matching can't be interrupted but by a limit on the script that it is part of.
    return runInNewContext('match()', { match }, { timeout: limitMs });
  } catch (cause) {
    if (Object(cause).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw cause;
    throw new PodreachError(
      `--grep ${excerpt(`${pattern}`, 200)} takes too long: it was given up after ${limitMs} ms`,
      {
        hint: 'a repetition in a repetition, such as (a+)+, can take forever: write a simpler pattern',
        cause,
      },
    );
  }
};
