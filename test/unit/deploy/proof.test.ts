import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { provenOnce } from '../../../src/deploy/proof.ts';
import { failureOf } from '../failure-of.ts';

/** A proof that counts how often it runs. */
const counting = () => {
  const proof = {
    runs: 0,
    prove: async () => {
      proof.runs += 1;
      await sleep(5);
    },
  };
  return proof;
};

describe('provenOnce', () => {
  it('proves once, and returns how long that took', async () => {
    const proveOpen = provenOnce();
    const proof = counting();
    expect(await proveOpen(proof.prove)).to.be.at.least(4);
    expect([await proveOpen(proof.prove), proof.runs]).to.deep.equal([0, 1]);
  });

  it('proves again after a proof that failed', async () => {
    const proveOpen = provenOnce();
    const refusal = new RangeError('closed');
    expect(await failureOf(proveOpen(() => Promise.reject(refusal)))).to.equal(refusal);
    const proof = counting();
    await proveOpen(proof.prove);
    expect(proof.runs).to.equal(1);
  });

  it('knows nothing of other pods', async () => {
    const proof = counting();
    await provenOnce()(proof.prove);
    await provenOnce()(proof.prove);
    expect(proof.runs).to.equal(2);
  });
});
