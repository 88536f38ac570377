import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { createProof } from '../../../src/deploy/proof.ts';
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

describe('createProof', () => {
  it('proves once, and returns how long that took', async () => {
    const { proveOpen } = createProof(['prod/web']);
    const proof = counting();
    expect(await proveOpen(proof.prove)).to.be.at.least(4);
    expect([await proveOpen(proof.prove), proof.runs]).to.deep.equal([0, 1]);
  });

  it('proves again after a proof that failed', async () => {
    const { proveOpen } = createProof(['prod/web']);
    const refusal = new RangeError('closed');
    expect(await failureOf(proveOpen(() => Promise.reject(refusal)))).to.equal(refusal);
    const proof = counting();
    await proveOpen(proof.prove);
    expect(proof.runs).to.equal(1);
  });

  it('knows nothing of other pods', async () => {
    const proof = counting();
    await createProof(['prod/web']).proveOpen(proof.prove);
    await createProof(['prod/web']).proveOpen(proof.prove);
    expect(proof.runs).to.equal(2);
  });

  it('proves later what is new, or doubtful again, and only that', async () => {
    const { proveOpen, doubt } = createProof(['prod/web', 'prod/api']);
    const asked: string[][] = [];
    const prove = async (unproven: ReadonlySet<string>) => void asked.push([...unproven]);
    await proveOpen(prove);
    doubt(['prod/late', 'prod/web']);
    await proveOpen(prove);
    await proveOpen(prove);
    expect(asked).to.deep.equal([
      ['prod/web', 'prod/api'],
      ['prod/late', 'prod/web'],
    ]);
  });

  it('has nothing to prove where there is nothing', async () => {
    const proof = counting();
    expect([await createProof().proveOpen(proof.prove), proof.runs]).to.deep.equal([0, 0]);
  });
});
