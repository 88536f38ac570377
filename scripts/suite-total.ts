import type { Counts } from './suite-reporter.ts';

/** The result of one part of the suite. `counts` is null for a part without tests, or if it broke before its end. */
export interface PartResult {
  readonly name: string;
  readonly exitCode: number;
  readonly counts: Counts | null;
  /** Tests were expected, so running none is a failure. */
  readonly hasTests: boolean;
}

export interface Total {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed, by the part's name: `lint`, `2 of e2e tests`. */
  readonly failures: readonly string[];
}

const failuresOf = ({ name, exitCode, counts, hasTests }: PartResult): readonly [number, string] => {
  if (counts && counts.failures > 0) return [counts.failures, `${counts.failures} of ${name}`];
  if (exitCode !== 0) return [1, name];
  if (hasTests && !counts?.passes) return [1, `${name} (none ran)`];
  return [0, ''];
};

/** Sums tests; a part that failed without a failed test, such as lint, counts as one failure. Nothing at all counts as one too. */
export const totalOf = (parts: readonly PartResult[]): Total => {
  const failures = parts.map(failuresOf).filter(([count]) => count > 0);
  const sum = (key: 'passes' | 'pending') => parts.reduce((total, { counts }) => total + (counts?.[key] ?? 0), 0);
  const failed = failures.reduce((total, [count]) => total + count, 0);
  const passed = sum('passes');
  const nothing = passed + failed === 0;
  return {
    passed,
    failed: nothing ? 1 : failed,
    skipped: sum('pending'),
    failures: nothing ? ['no test ran'] : failures.map(([, name]) => name),
  };
};

/** The last line of `npm test`. */
export const closingLine = ({ passed, failed }: Total): string => `${passed} passed, ${failed} failed`;
