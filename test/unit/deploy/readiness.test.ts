import { expect } from 'chai';
import type { Client, KubeObject } from '../../../src/cluster/client.ts';
import { type Unready, unreadyPods } from '../../../src/deploy/readiness.ts';
import { PodreachError } from '../../../src/errors.ts';
import { failureOf } from '../failure-of.ts';
import { endpoint } from '../probe/fake-targets.ts';
import { fakeClient } from './fake-client.ts';

const asked = (name: string, node = 'n1') => ({ ...endpoint(name, 0, []), node, readiness: 80 });
const CONTROLS = [asked('nodes/control-1', 'n1'), asked('nodes/control-2', 'n2')];
const NOON = '2026-01-01T12:00:00Z';
const LATER = '2026-01-01T12:00:02Z';
const pod = (name: string, ready: boolean, since = NOON): KubeObject => ({
  metadata: { name },
  status: {
    phase: 'Running',
    podIP: '10.0.0.1',
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: since }],
  },
});
const STEADY = [pod('control-1', true), pod('control-2', true)];
const NO_EVENTS: readonly KubeObject[] = [];

/** A cluster whose pods are these, look by look; the last stay. */
const clusterWith = (...looks: readonly (readonly KubeObject[])[]) => {
  const times = new Map<string, number>();
  const list: Client['list'] = async (path) => {
    if (!path.endsWith('/pods')) return NO_EVENTS;
    const time = times.get(path) ?? 0;
    times.set(path, time + 1);
    return looks[Math.min(time, looks.length - 1)] ?? [];
  };
  return { client: fakeClient({ list }), times: () => [...times.values()].reduce((sum, one) => sum + one, 0) };
};

const kinds = (unready: ReadonlyMap<string, Unready>) =>
  Object.fromEntries([...unready].map(([name, { kind }]) => [name, kind]));
/** So short that there are two looks: at the beginning and at the end. */
const SHORT_MS = 1;

describe('unreadyPods', () => {
  const web = [asked('prod/web')];
  const watched = (...looks: readonly (readonly KubeObject[])[]) =>
    unreadyPods(clusterWith(...looks.map((look) => [...STEADY, ...look])).client, web, CONTROLS, SHORT_MS);

  it('are none where every pod stays ready, which takes the whole time', async () => {
    const { client } = clusterWith([...STEADY, pod('web', true)]);
    const start = performance.now();
    expect(await unreadyPods(client, web, CONTROLS, 60)).to.deep.equal(new Map());
    expect(performance.now() - start).to.be.above(55);
  });

  it('are those that are not, without a break until the end, with the reason', async () => {
    const [unready] = [...(await watched([pod('web', false)]))];
    expect(unready?.[0]).to.equal('prod/web');
    expect(unready?.[1]).to.include({ kind: 'unready' });
    expect(unready?.[1].why).to.be.a('string').and.not.equal('');
    // Two seconds are enough, whatever was before.
    const late = clusterWith([...STEADY, pod('web', true)], [...STEADY, pod('web', false, LATER)]);
    expect(kinds(await unreadyPods(late.client, web, CONTROLS, 3_200))).to.deep.equal({ 'prod/web': 'unready' });
  }).timeout(10_000);

  it('say nothing where they come and go', async () => {
    const seen = [
      await watched([pod('web', true)], [pod('web', true, LATER)]),
      await watched([pod('web', false)], [pod('web', true, LATER)]),
      await watched([pod('web', true)], [pod('web', false, LATER)]),
      await watched([pod('web', false)], [pod('web', false, LATER)]),
    ];
    expect(seen.map(kinds)).to.deep.equal(Array(4).fill({ 'prod/web': 'unknown' }));
  });

  it('say nothing where they are gone', async () => {
    expect([...(await watched([pod('web', true)], []))]).to.deep.equal([
      ['prod/web', { kind: 'unknown', why: 'it is gone' }],
    ]);
  });

  it('say nothing where the control pod of their node did not stay ready either, ready or not', async () => {
    for (const ready of [true, false])
      for (const control of [[], [pod('control-1', false)], [pod('control-1', true), pod('control-1', true, LATER)]]) {
        const [first, last = first] = control;
        const cluster = clusterWith(
          ...[first, last].map((one) => [...(one ? [one] : []), pod('control-2', true), pod('web', ready)]),
        );
        const unready = await unreadyPods(cluster.client, web, CONTROLS, SHORT_MS);
        expect(unready.get('prod/web')?.kind).to.equal('unknown');
        expect(unready.get('prod/web')?.why).to.contain('n1');
      }
  });

  it('are judged by the control pod of their own node alone', async () => {
    const cluster = clusterWith([pod('control-1', true), pod('web', true), pod('api', true)]);
    const unready = await unreadyPods(cluster.client, [...web, asked('prod/api', 'n2')], CONTROLS, SHORT_MS);
    expect(kinds(unready)).to.deep.equal({ 'prod/api': 'unknown' });
  });

  it('are looked for only among pods that their kubelet asks, and not at all where there is none', async () => {
    const { client, times } = clusterWith([...STEADY, pod('web', true), pod('plain', false)]);
    const plain = endpoint('prod/plain', 1, []);
    expect((await unreadyPods(client, [plain], CONTROLS, SHORT_MS)).size).to.equal(0);
    expect(times()).to.equal(0);
    expect((await unreadyPods(client, [...web, plain], CONTROLS, SHORT_MS)).size).to.equal(0);
  });

  it('end with an abort', async () => {
    const { client } = clusterWith([...STEADY, pod('web', true)]);
    const failure = await failureOf(unreadyPods(client, web, CONTROLS, 60_000, AbortSignal.abort()));
    expect(failure).to.be.instanceOf(PodreachError);
    expect(failure.message).to.contain('interrupted');
  });

  it('fails where the cluster can not tell, for then nothing is known', async () => {
    const failing = fakeClient({
      list: async () => {
        throw new PodreachError('the API server is gone');
      },
    });
    expect(await failureOf(unreadyPods(failing, web, CONTROLS, SHORT_MS))).to.be.instanceOf(PodreachError);
  });
});
