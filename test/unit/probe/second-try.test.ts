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

  it('has met a silent one first, if others were blocked', () => {
    const { verdict, detail } = combine([quick, late, reading('dropped', 1500)], true);
    expect(verdict).to.equal('dropped');
    expect(detail).to.match(/^1 of 3 connections got through: .*at the second attempt/);
  });

  it('says nothing if none was blocked, because the machine may have been busy', () => {
    expect(combine([quick, late, quick], true).verdict).to.equal('error');
    expect(combine([late, late], true).verdict).to.equal('error');
    expect(combine([quick, late], true).detail).to.contain('too late to tell whether at the first attempt');
  });

  it('is distinguished from what did not get through, which stays what it was, however late', () => {
    const blocked = reading('dropped', 1500);
    expect(combine([reading('error', 1200), blocked], true).verdict).to.equal('error');
    expect(combine([reading('rejected', 1200), blocked], true).verdict).to.equal('rejected');
    expect(combine([reading('error', 1200), quick], true).detail).to.equal('wget: error; wget: allowed');
  });

  it('over UDP is only late: nothing sends a datagram again', () => {
    const udp = { ...late, tool: 'udp' } as const;
    expect(combine([udp, { ...quick, tool: 'udp' }], true).verdict).to.equal('allowed');
  });

  it('is nothing to wonder at if it is quick, or if there is one backend only', () => {
    expect(combine([quick, reading('allowed', 999)], true).verdict).to.equal('allowed');
    expect(combine([quick, late]).verdict).to.equal('allowed');
  });
});
