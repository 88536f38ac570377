import { expect } from 'chai';
import { type Cell, isUnsettled, observe } from '../../../src/probe/cell.ts';
import type { Verdict } from '../../../src/probe/verdict.ts';
import { probe } from './fake-targets.ts';

/** A cell whose attempts saw these verdicts, one tool each. */
const tried = (...verdicts: readonly Verdict[]): Cell => ({
  probe: probe('dev/client', 'prod/web'),
  spread: false,
  direct: [],
  attempts: verdicts.map((verdict) => [{ tool: 'nc', verdict, detail: `nc: ${verdict}`, elapsedMs: 5 }]),
});

describe('a cell', () => {
  it('is observed as its last attempt saw it, with the number of attempts', () => {
    expect(observe(tried('error', 'dropped'))).to.deep.include({
      from: 'dev/client',
      to: 'prod/web',
      port: 80,
      protocol: 'TCP',
      verdict: 'dropped',
      flaky: false,
      attempts: 2,
      detail: 'nc: dropped',
    });
  });

  it('is flaky if two attempts saw different things, errors apart', () => {
    expect(observe(tried('allowed', 'error', 'dropped')).flaky).to.equal(true);
    expect(observe(tried('allowed', 'error', 'allowed')).flaky).to.equal(false);
    expect(observe(tried('allowed', 'dropped', 'error'))).to.include({ verdict: 'error', flaky: false });
  });

  it('is unsettled while its last attempt is an error, or there is none, and once it has changed', () => {
    expect([tried(), tried('error'), tried('allowed', 'error')].map(isUnsettled)).to.deep.equal([true, true, true]);
    expect(isUnsettled(tried('allowed', 'error', 'dropped', 'dropped'))).to.equal(true);
    expect([tried('error', 'unsupported'), tried('error', 'dropped')].map(isUnsettled)).to.deep.equal([false, false]);
  });
});
