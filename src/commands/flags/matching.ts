import { runInNewContext } from 'node:vm';
import { PodreachError } from '../../errors.ts';
import { excerpt } from '../../text.ts';

/** Names are short: only a pattern that backtracks endlessly takes longer. */
const LIMIT_MS = 5000;

/** The items whose name matches. Throws a PodreachError if the pattern takes too long, as `(a+)+b` can. */
export const matching = <Item extends { readonly name: string }>(
  items: readonly Item[],
  pattern: RegExp,
  flag = '--grep',
  limitMs = LIMIT_MS,
): Item[] => {
  const match = (): Item[] => items.filter(({ name }) => pattern.test(name));
  try {
    // Only a time limit on the script that contains it can interrupt matching.
    return runInNewContext('match()', { match }, { timeout: limitMs });
  } catch (cause) {
    if (Object(cause).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw cause;
    throw new PodreachError(`${flag} ${excerpt(`${pattern}`, 200)} takes too long: stopped after ${limitMs} ms`, {
      hint: 'nested repetition such as (a+)+ can take forever: write a simpler pattern',
      cause,
    });
  }
};
