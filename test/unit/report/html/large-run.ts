import type { Cell, RunResult } from '../../../../src/matrix/index.ts';
import { runOf, scenarioOf } from '../sample-run.ts';

/**
 * Pods of which one application reaches the next in its namespace. Two cells of the last row and one of its column are
 * not as they should be.
 */
export const largeRun = (pods: number): RunResult => {
  const names = Array.from({ length: pods }, (_, at) => `team-${at % 20}/app-${at % 7}-${at}`);
  const last = pods - 1;
  const cells = names.flatMap((from, row) =>
    names.map((to, column): Cell => {
      const isOpen = row === column || ((row % 7) + 1 === column % 7 && row % 20 === column % 20);
      const isBroken = row === last && column === 0;
      const isWrong = (row === last && column === 1) || (row === 0 && column === last);
      const probe = { from, to, port: 8080, protocol: 'TCP' } as const;
      const detail = isBroken
        ? 'the pod is gone'
        : `nc: ${isOpen ? 'connected' : 'timed out'} after ${1200 + (column % 40)} ms`;
      const verdict = isBroken ? 'error' : isOpen ? 'allowed' : 'dropped';
      return {
        ...{ ...probe, observed: verdict, model: null },
        status: row === column ? 'self' : isBroken ? 'error' : isWrong ? 'mismatch' : 'match',
        expected: row === column ? null : isOpen || isWrong ? 'allow' : 'deny',
        observation: { ...probe, verdict, flaky: false, attempts: 1, detail },
      };
    }),
  );
  const step = { name: 'only', status: 'error', timings: {}, cells } as const;
  return runOf(scenarioOf([step], { name: 'large' }));
};
