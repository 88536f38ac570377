import { expect } from 'chai';
import type { Status } from '../../../src/matrix/index.ts';
import { exitCodeOf } from '../../../src/report/index.ts';
import { runOf, scenarioOf } from './sample-run.ts';

describe('exitCodeOf', () => {
  const cases: readonly [readonly Status[], 0 | 1 | 2][] = [
    [['pass'], 0],
    [['pass', 'pass'], 0],
    [['unjudged'], 0],
    [['pass', 'unjudged'], 0],
    [['pass', 'fail'], 1],
    [['pass', 'error'], 2],
    [['fail', 'error'], 2],
    [[], 2],
  ];
  it('is 2 when the run as a whole broke, whatever was judged before', () => {
    expect(exitCodeOf({ ...runOf(scenarioOf([], { status: 'pass' })), problem: 'the cluster is gone' })).to.equal(2);
  });

  for (const [statuses, code] of cases) {
    it(`is ${code} for ${statuses.join(' and ') || 'no scenarios'}`, () => {
      expect(exitCodeOf(runOf(...statuses.map((status) => scenarioOf([], { status }))))).to.equal(code);
    });
  }
});
