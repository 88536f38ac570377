import { expect } from 'chai';
import type { Reading } from '../../../src/probe/classify.ts';
import type { Tool } from '../../../src/probe/script.ts';
import { isMixed, telling } from '../../../src/probe/telling.ts';
import type { Verdict } from '../../../src/probe/verdict.ts';

const reading = (tool: Tool, verdict: Verdict, elapsedMs = 10): Reading => ({
  tool,
  verdict,
  detail: `${tool} says ${verdict}`,
  elapsedMs,
});
const name = (verdict: Verdict) => reading('name', verdict);

describe('telling', () => {
  it('keeps the one echo of datagrams, unless each may have met another backend', () => {
    const datagrams = [reading('udp', 'dropped'), reading('udp', 'allowed')];
    expect(telling(datagrams)).to.deep.equal([datagrams[1]]);
    expect(telling(datagrams, true)).to.deep.equal(datagrams);
  });

  it('keeps both of two connections of which one got no answer: TCP resends what was lost', () => {
    const connections = [reading('nc', 'dropped'), reading('wget', 'allowed')];
    expect(telling(connections)).to.deep.equal(connections);
  });

  it('keeps the one refusal among silence, and nothing less than all if something got through as well', () => {
    const [refused, silent, open] = [reading('nc', 'rejected'), reading('wget', 'dropped'), reading('wget', 'allowed')];
    expect(telling([silent, refused, silent])).to.deep.equal([refused]);
    expect(telling([refused, silent, open])).to.deep.equal([refused, silent, open]);
  });

  it('keeps lookups if there is nothing else', () => {
    expect(telling([name('allowed'), name('allowed')])).to.have.lengthOf(1);
    expect(telling([name('dropped'), name('dropped')])[0]?.verdict).to.equal('dropped');
  });

  it('leaves a successful lookup out', () => {
    const connection = reading('nc', 'dropped');
    expect(telling([name('allowed'), connection])).to.deep.equal([connection]);
  });

  it('keeps of a failed lookup its first reading of each kind, and not the connections it prevented', () => {
    const [first, second] = ['after 1500 ms', 'after 1501 ms'].map((detail) => ({ ...name('dropped'), detail }));
    if (first && second) expect(telling([first, second, reading('nc', 'error')])).to.deep.equal([first]);
    expect(telling([name('error'), name('error')])).to.deep.equal([name('error')]);
  });

  it('distrusts a connection past a failed lookup', () => {
    const told = telling([name('dropped'), reading('nc', 'allowed'), reading('wget', 'dropped')]);
    expect(told.map(({ verdict }) => verdict)).to.deep.equal(['dropped', 'error', 'dropped']);
  });

  it('is nothing if nothing was tried', () => {
    expect(telling([])).to.deep.equal([]);
  });
});

describe('isMixed', () => {
  it('holds if some connections got through and others were blocked', () => {
    const mixed = (...verdicts: readonly Verdict[]) => isMixed(verdicts.map((verdict) => reading('wget', verdict)));
    expect([mixed('allowed', 'dropped'), mixed('rejected', 'allowed')]).to.deep.equal([true, true]);
    expect([mixed('allowed', 'allowed'), mixed('dropped', 'rejected')]).to.deep.equal([false, false]);
    expect(isMixed([name('dropped'), reading('wget', 'error')])).to.equal(false);
  });

  it('takes what came at the second try for what was blocked', () => {
    const late = reading('wget', 'allowed', 1100);
    expect(isMixed([late, reading('wget', 'dropped')])).to.equal(false);
    expect(isMixed([late, reading('wget', 'allowed'), reading('wget', 'dropped')])).to.equal(true);
  });
});
