import { expect } from 'chai';
import type { Client, KubeObject } from '../../../src/cluster/client.ts';
import { unreadyPods } from '../../../src/deploy/readiness.ts';
import { PodreachError } from '../../../src/errors.ts';
import { endpoint } from '../probe/fake-targets.ts';
import { fakeClient } from './fake-client.ts';

const asked = (name: string) => ({ ...endpoint(name, 0, []), readiness: 80 });
const pod = (name: string, ready: boolean): KubeObject => ({
  metadata: { name },
  status: { phase: 'Running', podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});
const NO_EVENTS: readonly KubeObject[] = [];

/** A cluster whose pods are these when the watch begins, and those at its end. */
const clusterWith = (before: readonly KubeObject[], after = before) => {
  const watched: number[] = [];
  const waitFor: Client['waitFor'] = async (_path, predicate, { deadlineMs }) => {
    watched.push(deadlineMs);
    if (predicate(before)) return before;
    throw new PodreachError(`nothing within ${deadlineMs} ms`);
  };
  const client = fakeClient({ waitFor, list: async (path) => (path.endsWith('/pods') ? after : NO_EVENTS) });
  return { client, watched };
};

describe('unreadyPods', () => {
  it('are none where every pod stays ready, which takes the whole time', async () => {
    const { client, watched } = clusterWith([pod('web', true)]);
    expect(await unreadyPods(client, [asked('prod/web')], 3000)).to.deep.equal(new Map());
    expect(watched).to.deep.equal([3000]);
  });

  it('are those that are not at the end, with the reason', async () => {
    const { client } = clusterWith([pod('web', true), pod('api', false)]);
    const unready = await unreadyPods(client, [asked('prod/web'), asked('prod/api')], 3000);
    expect([...unready.keys()]).to.deep.equal(['prod/api']);
    expect(unready.get('prod/api')).to.be.a('string').and.not.equal('');
  });

  it('are those that are gone', async () => {
    const { client } = clusterWith([]);
    expect([...(await unreadyPods(client, [asked('prod/web')], 3000))]).to.deep.equal([['prod/web', 'it is gone']]);
  });

  it('asks only about pods that their kubelet asks, and nothing where there is none', async () => {
    const { client, watched } = clusterWith([pod('web', true), pod('plain', false)]);
    const plain = endpoint('prod/plain', 1, []);
    expect((await unreadyPods(client, [asked('prod/web'), plain], 3000)).size).to.equal(0);
    expect((await unreadyPods(client, [plain], 3000)).size).to.equal(0);
    expect(watched).to.have.length(1);
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
