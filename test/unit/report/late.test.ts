import { expect } from 'chai';
import type { LateCell } from '../../../src/matrix/index.ts';
import { terminal } from '../../../src/report/index.ts';
import { runOf, scenarioOf, seen, stepOf } from './sample-run.ts';

const CELL = { from: 'a/x', to: 'a/y', port: 80, protocol: 'TCP' } as const;

const reportOf = (...cells: readonly LateCell[]): string => {
  const late = { deadlineMs: 30_000, cells };
  const step = stepOf([seen(['a/x', 'a/y', '80/TCP', 'allowed'])], undefined, cells.length > 0 ? { late } : {});
  return terminal(runOf(scenarioOf([step])), { colour: false });
};

describe('what took effect late', () => {
  it('is reported with its time, after what never did', () => {
    const text = reportOf(
      { ...CELL, direction: 'closed', afterMs: 3_204 },
      { ...CELL, port: 81, direction: 'opened', afterMs: null },
      { ...CELL, port: 82, direction: 'closed', afterMs: null },
    );
    expect(text).to.contain(
      [
        '  not enforced after 30.0 s: a/x -> a/y 81/TCP is still blocked, although its nodes have followed',
        '  not enforced after 30.0 s: a/x -> a/y 82/TCP is still open, although its nodes have followed',
        '  enforced late: a/x -> a/y 80/TCP closed after 3.2 s, although its nodes had followed before',
      ].join('\n'),
    );
  });

  it('is reported for so many cells only, and not at all if all were in time', () => {
    const cells = Array.from({ length: 25 }, (_, at) => ({
      ...CELL,
      port: at + 1,
      direction: 'closed' as const,
      afterMs: 900,
    }));
    expect(reportOf(...cells).match(/enforced late/g)).to.have.length(20);
    expect(reportOf(...cells)).to.match(/\b5 more/);
    expect(reportOf()).not.to.match(/enforced/);
  });
});
