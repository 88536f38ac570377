import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { durationText, elapsed, timed } from '../../src/stopwatch.ts';
import { failureOf } from './failure-of.ts';

describe('durationText', () => {
  const cases: readonly [number, string][] = [
    [0, '0 ms'],
    [2.4, '2 ms'],
    [999.4, '999 ms'],
    [999.5, '1.0 s'],
    [1240, '1.2 s'],
    [59_940, '59.9 s'],
    [59_950, '1 min 0 s'],
    [125_400, '2 min 5 s'],
    [3_600_000, '60 min 0 s'],
  ];
  for (const [ms, text] of cases) {
    it(`reads ${ms} as ${text}`, () => {
      expect(durationText(ms)).to.equal(text);
    });
  }
});

describe('elapsed', () => {
  it('is in whole milliseconds', () => {
    const ms = elapsed(performance.now() - 1234.4);
    expect(ms).to.be.at.least(1234);
    expect(Number.isInteger(ms)).to.equal(true);
  });
});

describe('timed', () => {
  it('reports what the work gave and how long it took', async () => {
    const { value, ms } = await timed(async () => {
      await sleep(30);
      return 'done';
    });
    expect(value).to.equal('done');
    expect(ms).to.be.at.least(28);
  });

  it('fails as the work does', async () => {
    const broken = new Error('no');
    expect(await failureOf(timed(() => Promise.reject(broken)))).to.equal(broken);
  });
});
