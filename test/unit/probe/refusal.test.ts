import { expect } from 'chai';
import type { Reading } from '../../../src/probe/classify.ts';
import { combine } from '../../../src/probe/combine.ts';
import type { Verdict } from '../../../src/probe/index.ts';

const readingsOf = (tool: Reading['tool'], ...verdicts: readonly Verdict[]): readonly Reading[] =>
  verdicts.map((verdict) => ({ tool, verdict, detail: verdict, elapsedMs: 5 }));
const readings = (...verdicts: readonly Verdict[]) => readingsOf('udp', ...verdicts);

describe('a refusal among silence', () => {
  it('is a refusal, because the kernel does not send an ICMP error for each packet', () => {
    expect(combine(readings('dropped', 'rejected'))).to.deep.equal({ verdict: 'rejected', detail: 'rejected' });
    expect(combine(readings('rejected', 'dropped')).verdict).to.equal('rejected');
  });

  it('counts over TCP too, but not beside a connection that was made', () => {
    const tcp = (one: Verdict, other: Verdict) =>
      combine([...readingsOf('nc', one), ...readingsOf('wget', other)]).verdict;
    expect(tcp('rejected', 'dropped')).to.equal('rejected');
    expect(tcp('dropped', 'rejected')).to.equal('rejected');
    expect(tcp('allowed', 'rejected')).to.equal('error');
    expect(tcp('allowed', 'dropped')).to.equal('error');
    expect(tcp('rejected', 'error')).to.equal('error');
  });

  it('cannot be beside a datagram that got through', () => {
    expect(combine(readings('rejected', 'allowed')).verdict).to.equal('error');
    expect(combine(readings('allowed', 'rejected')).verdict).to.equal('error');
  });

  it('is not needed beside a datagram that got through: the other is lost', () => {
    expect(combine(readings('allowed', 'dropped')).verdict).to.equal('allowed');
    expect(combine(readings('dropped', 'allowed')).verdict).to.equal('allowed');
  });

  it('and silence is silence only together', () => {
    expect(combine(readings('dropped', 'dropped')).verdict).to.equal('dropped');
    expect(combine(readings('dropped', 'error'))).to.deep.equal({ verdict: 'error', detail: 'dropped; error' });
  });
});
