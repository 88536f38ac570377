import type { Reading } from './classify.ts';
import { isAllowed, telling } from './telling.ts';
import type { Verdict } from './verdict.ts';

/** What a cell's tools saw together. */
export interface Combined {
  readonly verdict: Verdict;
  readonly detail: string;
}

/** The readings that count. */
interface Told {
  readonly readings: readonly Reading[];
  readonly verdicts: ReadonlySet<Verdict>;
  /** Each may have met another backend. */
  readonly spread: boolean;
}

interface Rule {
  readonly when: (told: Told) => boolean;
  readonly verdict: (told: Told) => Verdict;
  /** What stands before the tools' own words. */
  readonly says: (told: Told) => string;
}

/** The first matching rule decides. Tools that disagree are an error: nothing unknown may count as a verdict. */
const RULES: readonly Rule[] = [
  { when: ({ readings }) => readings.length === 0, verdict: () => 'error', says: () => 'nothing was tried' },
  {
    when: ({ verdicts }) => verdicts.size === 1,
    verdict: ({ readings: [one] }) => one?.verdict ?? 'error',
    says: () => '',
  },
  { when: ({ verdicts }) => verdicts.has('error'), verdict: () => 'error', says: () => '' },
  {
    // Each backend may have its own policies, so the Service is open only if all are.
    when: ({ readings, spread }) => spread && readings.every(({ tool }) => tool !== 'name'),
    verdict: ({ readings }) => readings.find((one) => !isAllowed(one))?.verdict ?? 'error',
    says: ({ readings }) => `${readings.filter(isAllowed).length} of ${readings.length} connections got through: `,
  },
  { when: () => true, verdict: () => 'error', says: () => 'the tools disagree: ' },
];

/**
 * What a cell's tools saw together. They must agree, unless each may have met another backend (`spread`). If some of
 * those got through and others did not, the detail says so, and the cell's verdict is not `allowed`.
 */
export const combine = (all: readonly Reading[], spread = false): Combined => {
  const readings = telling(all, spread);
  const told = { readings, verdicts: new Set(readings.map(({ verdict }) => verdict)), spread };
  const { verdict, says } = RULES.find(({ when }) => when(told)) as Rule;
  return { verdict: verdict(told), detail: says(told) + readings.map(({ detail }) => detail).join('; ') };
};
