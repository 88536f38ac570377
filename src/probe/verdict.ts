import type { Probe } from '../scenario/index.ts';

/**
 * What was observed for one connection. `error` means that the probe itself failed, so nothing is known: never a pass.
 */
export type Verdict = 'allowed' | 'dropped' | 'rejected' | 'error' | 'unsupported';

/** How many matrices saw what of one cell; `flaky` counts those in which it changed between attempts. */
export type Tally = Readonly<Partial<Record<Verdict | 'flaky', number>>>;

/**
 * The part of the matrices, from 0 to 1, that did not see what most of them saw. Those that broke saw nothing, and don't
 * count.
 */
export const flakeRateOf = ({ error: _, flaky = 0, ...verdicts }: Tally): number => {
  const counts = Object.values(verdicts);
  const all = counts.reduce((sum, count) => sum + count, flaky);
  return all === 0 ? 0 : (all - Math.max(0, ...counts)) / all;
};

/** What was observed for one cell, over all attempts. */
export interface Observation extends Probe {
  readonly verdict: Verdict;
  /** The verdict differed between attempts, so the last one can't be trusted: reported, never silently passed. */
  readonly flaky: boolean;
  readonly attempts: number;
  /**
   * For people: what each tool said, for example `nc: Connection refused after 3 ms`. Empty if there is nothing to add.
   */
  readonly detail: string;
  /** If its matrix was taken several times (`--repeat-each`). */
  readonly tally?: Tally;
  /** The backends of a Service that answered, if it has several. */
  readonly servers?: ReadonlySet<string>;
}
