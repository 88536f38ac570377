import type { Probe } from '../scenario/index.ts';

/** What was seen of one connection. `error` means that the probe itself failed, so nothing is known: never a pass. */
export type Verdict = 'allowed' | 'dropped' | 'rejected' | 'error' | 'unsupported';

/** What was seen of one cell, over all attempts. */
export interface Observation extends Probe {
  readonly verdict: Verdict;
  /** The verdict differed between attempts, so the last one can't be trusted: reported, never silently passed. */
  readonly flaky: boolean;
  readonly attempts: number;
  /** For people: what each tool said, for example `nc: Connection refused after 3 ms`. Empty when there is nothing to add. */
  readonly detail: string;
}
