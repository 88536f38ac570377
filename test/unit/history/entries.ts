import type { Entry } from '../../../src/history/index.ts';

/** A run on a day of November with one row of cells, `dev/a` to a port of `prod/web` for each mark. */
export const entryOn = (day: number, marks: string, more: Partial<Entry> = {}): Entry => ({
  at: `2026-11-${`${day}`.padStart(2, '0')}T02:00:00.000Z`,
  scenario: 'shop',
  file: 'shop/scenario.yaml',
  step: 'shop',
  status: 'pass',
  to: [...marks].map((_, at) => ['prod/web', 80 + at, 'TCP'] as const),
  rows: [['dev/a', marks]],
  ...more,
});
