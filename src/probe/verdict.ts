import type { Probe } from '../scenario/index.ts';

/**
 * What was observed for one connection. `error` means that the probe itself failed, so nothing is known: never a pass.
 */
export type Verdict = 'allowed' | 'dropped' | 'rejected' | 'error' | 'unsupported';

/** How many matrices saw what of one cell; `flaky` counts those in which it changed between attempts. */
export type VerdictCounts = Readonly<Partial<Record<Verdict | 'flaky', number>>>;

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
  readonly tally?: VerdictCounts;
  /** The backends of a Service that answered, if it has several. */
  readonly servers?: ReadonlySet<string>;
}
