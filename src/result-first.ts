import { asPodreachError, PodreachError } from './errors.ts';
import { asOne } from './failures.ts';

/** Work that is over. Whoever gets this shows the result first, and then throws the failures. */
export interface Ended<Result> {
  readonly result: Result;
  /** What failed once the result was there, such as removing what the work had created. */
  readonly failures: readonly PodreachError[];
}

/**
 * Does some work, then what has to happen in any case. What the work keeps is its result, whatever fails afterwards. Throws
 * a PodreachError if it kept nothing.
 */
export const resultFirst = async <Result>(
  work: (keep: (result: Result) => void) => Promise<unknown>,
  finish: () => Promise<unknown> = async () => {},
): Promise<Ended<Result>> => {
  const kept: Result[] = [];
  const failures: PodreachError[] = [];
  const fail = (error: unknown): void => void failures.push(asPodreachError(error));
  await work((result) => void kept.push(result)).catch(fail);
  await finish().catch(fail);
  if (0 in kept) return { result: kept[0], failures };
  throw asOne(failures) ?? new PodreachError('the work ended without a result');
};
