import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import type { Observation, Verdict } from '../../../src/probe/index.ts';
import { takeUntilAgreed } from '../../../src/run/agreement.ts';
import { failureOf } from '../failure-of.ts';

const matrix = (...verdicts: readonly Verdict[]): readonly Observation[] =>
  verdicts.map((verdict, index) => ({
    from: 'a/x',
    to: `a/y${index}`,
    port: 80,
    protocol: 'TCP',
    verdict,
    flaky: false,
    attempts: 1,
    detail: 'as seen',
  }));

/** Takes these matrices, one after another. */
const taken = async (...matrices: readonly (readonly Observation[])[]) => {
  const left = [...matrices];
  const result = await takeUntilAgreed(async () => left.shift() ?? expect.fail('one too many'), { pauseMs: 1 });
  expect(left).to.have.length(matrices.length - result.agreement.matrices);
  return result;
};

describe('takeUntilAgreed', () => {
  it('takes two if these agree, and gives the second', async () => {
    const second = matrix('allowed', 'dropped');
    const { observations, agreement } = await taken(matrix('allowed', 'dropped'), second);
    expect(observations).to.deep.equal(second);
    expect(agreement).to.deep.equal({ matrices: 2, agreed: true });
  });

  it('goes on until two in a row agree in every cell', async () => {
    const { observations, agreement } = await taken(
      matrix('allowed', 'allowed'),
      matrix('allowed', 'dropped'),
      matrix('allowed', 'allowed'),
      matrix('dropped', 'dropped'),
      matrix('dropped', 'dropped'),
    );
    expect(observations.map(({ verdict, flaky }) => `${verdict} ${flaky}`)).to.deep.equal([
      'dropped false',
      'dropped false',
    ]);
    expect(agreement).to.deep.equal({ matrices: 5, agreed: true });
  });

  it('gives up after five: what then differs is flaky, or an error if one is', async () => {
    const flip = [matrix('allowed', 'allowed', 'error', 'dropped'), matrix('dropped', 'allowed', 'rejected', 'error')];
    const { observations, agreement } = await taken(...flip, ...flip, ...flip);
    expect(observations.map(({ verdict, flaky }) => `${verdict} ${flaky}`)).to.deep.equal([
      'allowed true',
      'allowed false',
      'error false',
      'error false',
    ]);
    expect(observations.map(({ detail }) => detail)).to.deep.equal([
      'dropped in the matrix before; as seen',
      'as seen',
      'rejected in the matrix before; as seen',
      'error in the matrix before; as seen',
    ]);
    expect(agreement).to.deep.equal({ matrices: 5, agreed: false });
  });

  it('agrees on errors, too: they stay what they are', async () => {
    expect((await taken(matrix('error'), matrix('error'))).agreement).to.deep.equal({ matrices: 2, agreed: true });
  });

  it('ends when it is interrupted', async () => {
    const options = { pauseMs: 60_000, signal: AbortSignal.timeout(20) };
    expect(await failureOf(takeUntilAgreed(async () => matrix('allowed'), options))).to.be.instanceOf(PodreachError);
  });
});
