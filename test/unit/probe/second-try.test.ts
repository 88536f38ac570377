import { expect } from 'chai';
import type { Reading } from '../../../src/probe/classify.ts';
import { combine } from '../../../src/probe/combine.ts';

const reading = (verdict: Reading['verdict'], elapsedMs: number): Reading => ({
  tool: 'wget',
  verdict,
  detail: `wget: ${verdict}`,
  elapsedMs,
});

// An unanswered SYN is sent again after a second (RFC 6298, 2.1), and then kube-proxy may choose another backend.
describe('a connection to a Service with several backends that gets through late', () => {
  const quick = reading('allowed', 40);
  const late = reading('allowed', 1060);

  it('does not hide that the first backend was silent', () => {
    const { verdict, detail } = combine([quick, late, quick], true);
    expect(verdict).to.equal('dropped');
    expect(detail).to.match(/^2 of 3 connections got through: .*at the second try/);
  });

  it('is nothing to wonder at where it is quick, or where there is one backend only', () => {
    expect(combine([quick, reading('allowed', 999)], true).verdict).to.equal('allowed');
    expect(combine([quick, late]).verdict).to.equal('allowed');
  });
});
