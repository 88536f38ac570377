import { expect } from 'chai';
import { type Cell, type CellStatus, type Status, statusOf, worst } from '../../../src/matrix/index.ts';

const cell = (status: CellStatus): Cell => ({
  from: 'a/a',
  to: 'b/b',
  port: 80,
  protocol: 'TCP',
  expected: null,
  observed: null,
  model: null,
  status,
  observation: null,
});

describe('statusOf', () => {
  const cases: readonly [readonly CellStatus[], Status][] = [
    [['match'], 'pass'],
    [['match', 'self'], 'pass'],
    [['match', 'unjudged'], 'pass'],
    [['match', 'mismatch'], 'fail'],
    [['match', 'unknown'], 'error'],
    [['mismatch', 'unknown'], 'error'],
    [['match', 'flaky'], 'fail'],
    [['mismatch', 'unsupported'], 'fail'],
    [['flaky', 'unjudged'], 'fail'],
    [['match', 'error'], 'error'],
    [['mismatch', 'error'], 'error'],
    [['flaky', 'error'], 'error'],
    [['unsupported'], 'error'],
    [['match', 'unsupported'], 'error'],
    [['mismatch', 'unsupported'], 'fail'],
    [['unjudged'], 'error'],
    [['self'], 'error'],
    [['open'], 'error'],
    [['match', 'open'], 'pass'],
    [['mismatch', 'open'], 'fail'],
    [['open', 'unsupported'], 'error'],
    [['unsupported', 'self', 'unjudged'], 'error'],
    [[], 'error'],
  ];
  for (const [statuses, status] of cases) {
    it(`makes ${status} of ${statuses.join(' and ') || 'no cells'}, in either order`, () => {
      expect(statusOf(statuses.map(cell))).to.equal(status);
      expect(statusOf(statuses.toReversed().map(cell))).to.equal(status);
    });
  }
});

describe('worst', () => {
  const cases: readonly [readonly Status[], Status][] = [
    [['pass', 'fail'], 'fail'],
    [['error', 'fail', 'pass'], 'error'],
    [['unjudged', 'pass'], 'pass'],
    [['unjudged'], 'unjudged'],
    [[], 'error'],
  ];
  for (const [statuses, wanted] of cases)
    it(`of ${statuses.join(', ') || 'none'} is ${wanted}`, () => {
      expect(worst(statuses)).to.equal(wanted);
    });
});
