import { expect } from 'chai';
import { flakeRateOf } from '../../../src/matrix/index.ts';
import type { VerdictCounts } from '../../../src/probe/index.ts';
import { readRun } from '../../../src/report/read/run.ts';
import { json } from '../../../src/report/reporters/index.ts';
import { written } from './formats/written.ts';
import { contract, published } from './json-contract.ts';
import { runOf, scenarioOf, seen, stepOf } from './sample-run.ts';

const tally: VerdictCounts = { allowed: 9, dropped: 1 };
const observed = [
  seen(['a/x', 'a/y', '80/TCP', 'allowed'], { flaky: true, attempts: 10, tally, detail: 'nc: connected' }),
  seen(['a/y', 'a/x', '80/TCP', 'dropped'], { attempts: 10, tally: { dropped: 10 } }),
];
const run = runOf(scenarioOf([stepOf(observed, undefined, { repeats: 10 })]));
const WORDS = 'flaky in 10 matrices (allowed 9, dropped 1; flake rate 10 %)';

describe('a flake rate', () => {
  const rates: readonly [VerdictCounts, number][] = [
    [{ allowed: 10 }, 0],
    [{ allowed: 3, dropped: 1 }, 0.25],
    [{ dropped: 2, rejected: 1, allowed: 1 }, 0.5],
    // One matrix in which it changed, and one that broke, which says nothing.
    [{ allowed: 3, flaky: 1, error: 1 }, 0.25],
    [{ flaky: 2 }, 1],
    [{ error: 2 }, 0],
  ];
  for (const [counts, rate] of rates)
    it(`is ${rate} of ${JSON.stringify(counts)}`, () => expect(flakeRateOf(counts)).to.equal(rate));

  for (const format of ['terminal', 'markdown', 'junit', 'tap'] as const)
    it(`is in words in ${format}`, async () => {
      const text = (await written(format, run)).replaceAll(/&#(\d+);/g, (_, code) =>
        String.fromCodePoint(Number(code)),
      );
      expect(text.replaceAll(/\s+/g, ' ')).to.contain(`${WORDS}, last seen allowed`);
    });

  it('is in words in html, csv and github', async () => {
    expect(await written('csv', run)).to.contain(`true,10,"${WORDS}; nc: connected"`);
    expect(await written('html', run)).to.contain(`${WORDS}; nc: connected`);
    expect(await written('github', run)).to.contain(WORDS.replaceAll('%', '%25'));
  });

  it('is said of no cell that never changed', async () => {
    expect((await written('terminal', run)).match(/flake rate/g)).to.have.length(1);
    expect(await written('terminal', run)).to.contain('the matrix was taken 10 times');
  });

  it('is data in JSON, and is read again', () => {
    const text = [...json(run)].join('');
    const value = JSON.parse(text);
    for (const shape of [contract, published]) expect(shape.safeParse(value).success).to.equal(true);
    const [step] = value.scenarios[0].steps;
    expect(step.repeats).to.equal(10);
    expect(step.cells[0]).to.deep.include({ tally, flakeRate: 0.1 });
    expect(step.cells[1]).to.deep.include({ tally: { dropped: 10 }, flakeRate: 0 });
    expect([...json(readRun(value))].join('')).to.equal(text);
  });
});
