import { expect } from 'chai';
import fc from 'fast-check';
import { combine } from '../../../src/probe/combine.ts';
import type { Tool } from '../../../src/probe/script.ts';
import type { Verdict } from '../../../src/probe/verdict.ts';

describe('combine', () => {
  const reading = (tool: Tool, verdict: Verdict) => ({
    tool,
    verdict,
    detail: `${tool} says ${verdict}`,
    elapsedMs: 10,
  });

  it('takes what all tools say', () => {
    expect(combine([reading('nc', 'dropped'), reading('wget', 'dropped')])).to.deep.equal({
      verdict: 'dropped',
      detail: 'nc says dropped; wget says dropped',
    });
  });

  it('is an error when they disagree, when one is an error, and when there is none', () => {
    expect(combine([reading('nc', 'allowed'), reading('wget', 'dropped')])).to.deep.equal({
      verdict: 'error',
      detail: 'the tools disagree: nc says allowed; wget says dropped',
    });
    expect(combine([reading('nc', 'allowed'), reading('wget', 'error')])).to.deep.equal({
      verdict: 'error',
      detail: 'nc says allowed; wget says error',
    });
    expect(combine([])).to.deep.equal({ verdict: 'error', detail: 'nothing was tried' });
  });

  it('takes one refusal among silence for a refusal, because Linux sends few ICMP errors (net.ipv4.icmp_ratelimit)', () => {
    const refused = { verdict: 'rejected', detail: 'wget says rejected' };
    expect(combine([reading('nc', 'dropped'), reading('wget', 'rejected')])).to.deep.equal(refused);
    expect(combine([reading('udp', 'rejected'), reading('udp', 'dropped')]).verdict).to.equal('rejected');
    expect(combine([reading('nc', 'allowed'), reading('wget', 'rejected')]).verdict).to.equal('error');
    expect(combine([reading('nc', 'error'), reading('wget', 'rejected')]).verdict).to.equal('error');
  });

  it('takes one echo for an open path, except where each datagram may have met another backend', () => {
    const datagrams = [reading('udp', 'dropped'), reading('udp', 'allowed')];
    expect(combine(datagrams).verdict).to.equal('allowed');
    expect(combine(datagrams, true)).to.deep.equal({
      verdict: 'dropped',
      detail: '1 of 2 connections got through: udp says dropped; udp says allowed',
    });
  });

  describe('of connections that may have met several backends', () => {
    const spread = (...verdicts: readonly Verdict[]) =>
      combine(
        verdicts.map((verdict) => reading('wget', verdict)),
        true,
      );

    it('is allowed only if every one got through', () => {
      expect(spread('allowed', 'allowed', 'allowed').verdict).to.equal('allowed');
      expect(spread('allowed', 'dropped', 'allowed')).to.deep.equal({
        verdict: 'dropped',
        detail: '2 of 3 connections got through: wget says allowed; wget says dropped; wget says allowed',
      });
      expect(spread('allowed', 'rejected').verdict).to.equal('rejected');
    });

    it('takes what answered after the second at which Linux sends a SYN again for no answer of the first backend', () => {
      const at = (elapsedMs: number) => ({ ...reading('wget', 'allowed'), elapsedMs });
      expect(combine([at(999), at(999)], true).verdict).to.equal('allowed');
      const blocked = { ...reading('wget', 'dropped'), elapsedMs: 1500 };
      const late = combine([at(999), at(1000), blocked], true);
      expect(late.verdict).to.equal('dropped');
      expect(late.detail).to.match(/^1 of 3 connections got through: .*wget says allowed, at the second attempt/);
      // Where none was blocked the machine may have been busy.
      expect(combine([at(999), at(1000)], true).verdict).to.equal('error');
      // With a single backend the second SYN meets the same.
      expect(combine([at(1500), at(10)]).verdict).to.equal('allowed');
    });

    it('counts a refusal and no answer each for itself', () => {
      expect(spread('rejected', 'dropped', 'rejected').detail).to.match(/^0 of 3 connections got through: /);
    });

    it('is an error if one broke, whatever the others saw', () => {
      expect(spread('allowed', 'error', 'dropped').verdict).to.equal('error');
      expect(spread('dropped', 'error').verdict).to.equal('error');
    });

    it('is never allowed for a mixture, whatever is in it', () => {
      const verdict = fc.constantFrom<Verdict>('allowed', 'dropped', 'rejected', 'error', 'unsupported');
      fc.assert(
        fc.property(fc.array(verdict, { minLength: 1, maxLength: 9 }), (verdicts) => {
          const open = verdicts.every((one) => one === 'allowed');
          expect(spread(...verdicts).verdict === 'allowed').to.equal(open);
        }),
      );
    });
  });

  describe('of a name', () => {
    const name = (verdict: Verdict) => reading('name', verdict);

    it('says nothing of the lookup if that went well', () => {
      const all = [name('allowed'), reading('nc', 'dropped'), reading('wget', 'dropped')];
      expect(combine(all)).to.deep.equal({ verdict: 'dropped', detail: 'nc says dropped; wget says dropped' });
    });

    it('that was not looked up is blocked for that reason alone, however the others then failed', () => {
      const all = [name('dropped'), reading('nc', 'error'), reading('wget', 'dropped')];
      expect(combine(all)).to.deep.equal({ verdict: 'dropped', detail: 'name says dropped' });
      expect(combine([name('error'), reading('nc', 'error')]).verdict).to.equal('error');
    });

    it('is looked up if one of two queries is answered, because the other is lost', () => {
      const open = [reading('nc', 'allowed'), reading('wget', 'allowed')];
      for (const lookups of [
        [name('dropped'), name('allowed')],
        [name('allowed'), name('dropped')],
      ])
        expect(combine([...lookups, ...open]).detail).to.equal('nc says allowed; wget says allowed');
      expect(combine([name('allowed'), name('error'), ...open]).verdict).to.equal('error');
    });

    it('that neither query looked up is reported once', () => {
      expect(combine([name('dropped'), name('dropped'), reading('nc', 'error')])).to.deep.equal({
        verdict: 'dropped',
        detail: 'name says dropped',
      });
    });

    it('is an error if its two queries saw different things, whatever came of the connections', () => {
      for (const spread of [false, true])
        for (const verdict of ['dropped', 'rejected'] as const) {
          const told = combine([name('allowed'), name('rejected'), reading('wget', verdict)], spread);
          expect(told.verdict).to.equal('error');
          expect(told.detail).to.contain('the tools disagree').and.contain('name says allowed');
        }
    });

    it('keeps the words of what did not get through although the lookup failed', () => {
      expect(combine([name('dropped'), reading('nc', 'allowed'), reading('wget', 'dropped')]).detail).to.equal(
        'name says dropped; nc says allowed, although the lookup failed; wget says dropped',
      );
    });

    it('is an error if a connection got through although the lookup did not', () => {
      const all = [name('dropped'), reading('nc', 'allowed'), reading('wget', 'allowed')];
      for (const spread of [false, true]) {
        const { verdict, detail } = combine(all, spread);
        expect(verdict).to.equal('error');
        expect(detail).to.equal(
          'name says dropped; nc says allowed, although the lookup failed; wget says allowed, although the lookup failed',
        );
      }
    });
  });
});
