import { expect } from 'chai';
import type { Unready } from '../../../src/deploy/readiness.ts';
import { isKubelets, watchKubelet } from '../../../src/probe/index.ts';
import { type Behaviour, endpoint, fakeTargets, OPEN, probe, REFUSED, TIMED_OUT } from './fake-targets.ts';

const asked = probe('kubelet', 'prod/web', 8080);
const other = probe('prod/client', 'prod/web', 8080);
const PODS = ['prod/web', 'prod/api'].map((name, index) => endpoint(name, index, [{ number: 8080, protocol: 'TCP' }]));
const READY = new Map<string, Unready>();
const UNREADY = new Map<string, Unready>([['prod/web', { kind: 'unready', why: 'probe failed: timed out' }]]);
const UNKNOWN = new Map<string, Unready>([['prod/web', { kind: 'unknown', why: 'it came and went' }]]);

/** Pods of which these are not ready, time by time; the last stays. */
const pods = (
  times: readonly ReadonlyMap<string, Unready>[] = [READY],
  behave: Behaviour = () => OPEN,
  lost: ReadonlyMap<string, string> = new Map(),
) => {
  const watched: number[] = [];
  return {
    ...fakeTargets(PODS, behave, undefined, lost),
    watched,
    unready: async (forMs: number) => {
      watched.push(forMs);
      return times[Math.min(watched.length, times.length) - 1] ?? READY;
    },
  };
};

describe('watchKubelet', () => {
  it('takes a pod that stays ready for reached', async () => {
    const [seen, ...more] = await watchKubelet(pods(), [other, asked]);
    expect(more).to.deep.equal([]);
    expect(seen).to.deep.include({ ...asked, verdict: 'allowed', flaky: false, attempts: 1 });
    expect(seen?.detail).to.contain('stayed ready for 5 s');
  });

  it('takes one that does not for blocked, and says why', async () => {
    const [seen] = await watchKubelet(pods([UNREADY]), [asked]);
    expect(seen).to.deep.include({ ...asked, verdict: 'dropped', detail: 'no longer ready: probe failed: timed out' });
  });

  it('watches again what came and went, which is an error if it does so three times', async () => {
    const settling = pods([UNKNOWN, UNREADY]);
    expect((await watchKubelet(settling, [asked]))[0]).to.include({ verdict: 'dropped', attempts: 2, flaky: false });
    const settled = pods([UNKNOWN, UNKNOWN, READY]);
    expect((await watchKubelet(settled, [asked]))[0]).to.include({ verdict: 'allowed', attempts: 3 });
    const restless = pods([UNKNOWN]);
    const [seen] = await watchKubelet(restless, [asked]);
    expect(seen).to.include({ verdict: 'error', attempts: 3 });
    expect(seen?.detail).to.contain('it came and went');
    expect(restless.watched).to.have.length(3);
  });

  it('watches again for any one of its own that came and went', async () => {
    const settling = pods([UNKNOWN, READY]);
    const api = probe('kubelet', 'prod/api', 8080);
    const seen = await watchKubelet(settling, [asked, api]);
    expect(seen.map(({ verdict }) => verdict)).to.deep.equal(['allowed', 'allowed']);
    expect(settling.watched).to.have.length(2);
  });

  it('does not watch again for a pod that is none of its own', async () => {
    const foreign = pods([new Map([['prod/api', { kind: 'unknown', why: '' }]])]);
    await watchKubelet(foreign, [asked]);
    expect(foreign.watched).to.have.length(1);
  });

  it('takes a server that does not even answer itself for broken', async () => {
    for (const told of [TIMED_OUT, REFUSED, { code: 127 }]) {
      const [seen] = await watchKubelet(
        pods([UNREADY], () => told),
        [asked],
      );
      expect(seen?.verdict).to.equal('error');
      expect(seen?.detail).to.contain('prod/web does not even answer itself there');
    }
  });

  it('asks a server whether it answers itself on that port, and only if it is not ready', async () => {
    const trials: string[] = [];
    const behave: Behaviour = ({ host, port }, from) => {
      trials.push(`${from} ${host} ${port}`);
      return OPEN;
    };
    const api = probe('kubelet', 'prod/api', 8080);
    const seen = await watchKubelet(pods([UNREADY], behave), [asked, api]);
    expect(seen.map(({ to, verdict }) => [to, verdict])).to.deep.equal([
      ['prod/web', 'dropped'],
      ['prod/api', 'allowed'],
    ]);
    expect([...new Set(trials)]).to.deep.equal(['prod/web 10.0.0.1 8080']);
  });

  it('takes a pod that did not live through it for broken, ready or not', async () => {
    const lost = new Map([['prod/web', 'another pod has taken its place']]);
    for (const time of [READY, UNREADY, UNKNOWN]) {
      const [seen] = await watchKubelet(pods([time], undefined, lost), [asked]);
      expect(seen).to.include({ verdict: 'error', detail: 'prod/web broke: another pod has taken its place' });
    }
  });

  it('keeps the family of the probe', async () => {
    const [seen] = await watchKubelet(pods(), [{ ...asked, family: 'IPv4' }]);
    expect(seen).to.have.property('family', 'IPv4');
  });

  it('watches long enough for two of its questions and their answers, and not if there is none', async () => {
    const cluster = pods();
    expect(await watchKubelet(cluster, [other])).to.deep.equal([]);
    expect(cluster.watched).to.deep.equal([]);
    await watchKubelet(cluster, [asked]);
    expect(cluster.watched).to.have.length(1);
    expect(cluster.watched[0]).to.be.at.least(4000);
  });

  it('distinguishes its own questions from ours', () => {
    expect([asked, other].map(isKubelets)).to.deep.equal([true, false]);
  });
});
