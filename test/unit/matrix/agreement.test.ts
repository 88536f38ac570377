import { expect } from 'chai';
import { agrees, type Cell, type CellStatus, disagreements } from '../../../src/matrix/index.ts';
import type { Decision } from '../../../src/model/index.ts';
import type { Verdict } from '../../../src/probe/index.ts';

const cell = (observed: Verdict | null, model: Decision | null, status: CellStatus = 'match'): Cell => ({
  from: 'a/a',
  to: 'b/b',
  port: 80,
  protocol: 'TCP',
  expected: null,
  observed,
  model,
  status,
  observation: null,
});

describe('agrees', () => {
  const cases: readonly [Verdict | null, Decision | null, boolean | null][] = [
    ['allowed', 'allow', true],
    ['allowed', 'deny', false],
    ['allowed', 'unknown', null],
    ['allowed', null, null],
    ['dropped', 'allow', false],
    ['dropped', 'deny', true],
    ['dropped', 'unknown', null],
    ['rejected', 'allow', false],
    ['rejected', 'deny', true],
    ['error', 'allow', null],
    ['error', 'deny', null],
    ['unsupported', 'deny', null],
    [null, 'allow', null],
    [null, 'deny', null],
  ];
  for (const [observed, model, wanted] of cases)
    it(`is ${wanted} for ${observed} where the specification says ${model}`, () => {
      for (const status of ['match', 'mismatch', 'unjudged'] as const)
        expect(agrees(cell(observed, model, status))).to.equal(wanted);
    });

  it('is undefined for a pod to itself and for a flaky cell', () => {
    for (const status of ['self', 'flaky'] as const) expect(agrees(cell('dropped', 'allow', status))).to.equal(null);
  });
});

describe('disagreements', () => {
  it('are the cells where the CNI does not do what the specification says, whatever was expected', () => {
    const [one, other] = [cell('allowed', 'deny', 'match'), cell('rejected', 'allow', 'mismatch')];
    expect(disagreements([cell('allowed', 'allow'), one, cell('dropped', 'unknown'), other])).to.deep.equal([
      one,
      other,
    ]);
  });
});
