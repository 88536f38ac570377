import { expect } from 'chai';
import { PodreachError } from '../../src/errors.ts';
import { resultFirst } from '../../src/result-first.ts';
import { failureOf } from './failure-of.ts';

const failing = (what: string, hint?: string) => async (): Promise<never> => {
  throw new PodreachError(what, hint === undefined ? {} : { hint });
};

describe('a result that comes first', () => {
  it('stays, whatever fails after it', async () => {
    const work = async (keep: (result: number) => void) => {
      keep(7);
      await failing('a pod is left')();
    };
    const { result, failures } = await resultFirst(work, failing('a cluster is left'));
    expect(result).to.equal(7);
    expect(failures.map(({ message }) => message)).to.deep.equal(['a pod is left', 'a cluster is left']);
  });

  it('is missing if the work failed before, and all that failed is told', async () => {
    const failure = await failureOf(resultFirst(failing('interrupted', 'again?'), failing('a pod is left', 'gc')));
    expect(failure).to.be.instanceOf(PodreachError).with.property('hint', 'again?\ngc');
    expect(failure.message).to.equal('interrupted\na pod is left');
  });

  it('is missing if nothing was kept', async () => {
    expect((await failureOf(resultFirst(async () => {}))).message).to.equal('the work ended without a result');
  });
});
