import { expect } from 'chai';
import { isKubelets, watchKubelet } from '../../../src/probe/index.ts';
import { probe } from './fake-targets.ts';

const asked = probe('kubelet', 'prod/web', 8080);
const other = probe('prod/client', 'prod/web', 8080);

/** Pods of which these are no longer ready, each with a reason. */
const pods = (unready: ReadonlyMap<string, string> = new Map()) => {
  const watched: number[] = [];
  return {
    watched,
    unready: async (forMs: number) => {
      watched.push(forMs);
      return unready;
    },
  };
};

describe('watchKubelet', () => {
  it('takes a pod that stays ready for reached', async () => {
    const [seen, ...more] = await watchKubelet(pods(), [other, asked]);
    expect(more).to.deep.equal([]);
    expect(seen).to.deep.include({ ...asked, verdict: 'allowed', flaky: false, attempts: 1 });
    expect(seen?.detail).to.contain('stayed ready for 3 s');
  });

  it('takes one that does not for blocked, and says why', async () => {
    const [seen] = await watchKubelet(pods(new Map([['prod/web', 'probe failed: timed out']])), [asked]);
    expect(seen).to.deep.include({ ...asked, verdict: 'dropped', detail: 'no longer ready: probe failed: timed out' });
  });

  it('keeps the family of the probe', async () => {
    const [seen] = await watchKubelet(pods(), [{ ...asked, family: 'IPv4' }]);
    expect(seen).to.have.property('family', 'IPv4');
  });

  it('watches long enough for two of its questions, which come each second, and not where there is none', async () => {
    const cluster = pods();
    await watchKubelet(cluster, [other]);
    expect(cluster.watched).to.deep.equal([]);
    await watchKubelet(cluster, [asked]);
    expect(cluster.watched).to.have.length(1);
    expect(cluster.watched[0]).to.be.at.least(2000);
  });

  it('tells its own questions from ours', () => {
    expect([asked, other].map(isKubelets)).to.deep.equal([true, false]);
  });
});
