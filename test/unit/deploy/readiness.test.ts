import { expect } from 'chai';
import type { Client, KubeObject } from '../../../src/cluster/client.ts';
import { unreadyPods } from '../../../src/deploy/readiness.ts';
import { PodreachError } from '../../../src/errors.ts';
import { endpoint } from '../probe/fake-targets.ts';
import { fakeClient } from './fake-client.ts';

const asked = (name: string) => ({ ...endpoint(name, 0, []), readiness: 80 });
const NOON = '2026-01-01T12:00:00Z';
const pod = (name: string, ready: boolean, since = NOON): KubeObject => ({
  metadata: { name },
  status: {
    phase: 'Running',
    podIP: '10.0.0.1',
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: since }],
  },
});
const NO_EVENTS: readonly KubeObject[] = [];

/** A cluster whose pods are these at first, and those afterwards. */
const clusterWith = (before: readonly KubeObject[], after = before) => {
  let asked = 0;
  const list: Client['list'] = async (path) => {
    if (!path.endsWith('/pods')) return NO_EVENTS;
    asked += 1;
    return asked === 1 ? before : after;
  };
  return { client: fakeClient({ list }), times: () => asked };
};

describe('unreadyPods', () => {
  it('are none where every pod stays ready, which takes the whole time', async () => {
    const { client } = clusterWith([pod('web', true)]);
    const start = performance.now();
    expect(await unreadyPods(client, [asked('prod/web')], 60)).to.deep.equal(new Map());
    expect(performance.now() - start).to.be.above(55);
  });

  it('are those that are not at the end, with the reason', async () => {
    const { client } = clusterWith([pod('web', true), pod('api', true)], [pod('web', true), pod('api', false)]);
    const unready = await unreadyPods(client, [asked('prod/web'), asked('prod/api')], 1);
    expect([...unready.keys()]).to.deep.equal(['prod/api']);
    expect(unready.get('prod/api')).to.be.a('string').and.not.equal('');
  });

  it('are those that were not for a while', async () => {
    const { client } = clusterWith([pod('web', true)], [pod('web', true, '2026-01-01T12:00:02Z')]);
    expect([...(await unreadyPods(client, [asked('prod/web')], 1)).keys()]).to.deep.equal(['prod/web']);
  });

  it('are those that were not when it began', async () => {
    const { client } = clusterWith([pod('web', false)], [pod('web', true)]);
    expect([...(await unreadyPods(client, [asked('prod/web')], 1)).keys()]).to.deep.equal(['prod/web']);
  });

  it('are those that are gone', async () => {
    const { client } = clusterWith([pod('web', true)], []);
    expect([...(await unreadyPods(client, [asked('prod/web')], 1))]).to.deep.equal([['prod/web', 'it is gone']]);
  });

  it('asks only about pods that their kubelet asks, and nothing where there is none', async () => {
    const { client, times } = clusterWith([pod('web', true), pod('plain', false)]);
    const plain = endpoint('prod/plain', 1, []);
    expect((await unreadyPods(client, [plain], 1)).size).to.equal(0);
    expect(times()).to.equal(0);
    expect((await unreadyPods(client, [asked('prod/web'), plain], 1)).size).to.equal(0);
  });

  it('fails where the cluster can not tell, for then nothing is known', async () => {
    const failing = fakeClient({
      list: async () => {
        throw new PodreachError('the API server is gone');
      },
    });
    let failure: unknown;
    await unreadyPods(failing, [asked('prod/web')], 1).catch((error: unknown) => {
      failure = error;
    });
    expect(failure).to.be.instanceOf(PodreachError);
  });
});
