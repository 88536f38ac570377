import { expect } from 'chai';
import type { PodEndpoint } from '../../../src/deploy/endpoint.ts';
import { lostPods } from '../../../src/deploy/lost-pods.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { KubeObject } from '../../../src/kube/client.ts';
import { failureOf } from '../failure-of.ts';
import { fakeClient } from './fake-client.ts';

const endpoint = (name: string): PodEndpoint => {
  const [namespace = '', pod = ''] = name.split('/');
  const where = { namespace: `${namespace}-x7k2a`, pod, node: 'n1', addresses: ['10.0.0.1'] };
  return { kind: 'pod', endpoint: name, ...where, ports: [] };
};
const ENDPOINTS = ['prod/web', 'prod/api', 'dev/web'].map(endpoint);
const UIDS = new Map([
  ['prod-x7k2a/web', 'uid-1'],
  ['prod-x7k2a/api', 'uid-2'],
  ['dev-x7k2a/web', 'uid-3'],
]);

const pod = (key: string, metadata: Partial<KubeObject['metadata']> = {}, ready = 'True'): KubeObject => {
  const [namespace = '', name = ''] = key.split('/');
  const uid = UIDS.get(key) ?? 'uid-of-another';
  return {
    metadata: { namespace, name, uid, ...metadata },
    status: { phase: 'Running', podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: ready }] },
  };
};

/** What is said of a cluster that holds these pods. */
const lostAmong = (...pods: readonly KubeObject[]) => lostOf(ENDPOINTS, pods);
const lostOf = async (endpoints: readonly PodEndpoint[], pods: readonly KubeObject[]) => {
  const asked: string[] = [];
  const client = fakeClient({
    list: async (path) => {
      asked.push(path);
      return pods.filter(({ metadata }) => path === `/api/v1/namespaces/${metadata.namespace}/pods`);
    },
  });
  const lost = await lostPods(client, endpoints, UIDS);
  expect(asked.sort()).to.deep.equal(['/api/v1/namespaces/dev-x7k2a/pods', '/api/v1/namespaces/prod-x7k2a/pods']);
  return Object.fromEntries(lost);
};
const web = pod('prod-x7k2a/web');
const api = pod('prod-x7k2a/api');
const other = pod('dev-x7k2a/web');

describe('lostPods', () => {
  it('finds none if all are as they were deployed, whatever else is there', async () => {
    expect(await lostAmong(web, api, other, pod('prod-x7k2a/stranger', {}, 'False'))).to.deep.equal({});
  });

  it('finds a pod that is gone, though one of its name is in another namespace', async () => {
    expect(await lostAmong(api, other)).to.deep.equal({ 'prod/web': 'it is gone' });
  });

  it('finds a pod that was replaced', async () => {
    const replaced = pod('prod-x7k2a/api', { uid: 'uid-9' });
    expect(await lostAmong(web, replaced, other)).to.deep.equal({ 'prod/api': 'another pod has taken its place' });
  });

  it('finds a pod whose sandbox was made again: it keeps its uid, but not its addresses', async () => {
    const moved = { ...web, status: { ...(web.status as object), podIP: '10.0.0.9' } };
    expect(await lostAmong(moved, api, other)).to.deep.equal({ 'prod/web': 'its address is now 10.0.0.9' });
    const both = ENDPOINTS.map((one) => ({ ...one, addresses: ['10.0.0.1', 'fd00::1'] }));
    const dual = (key: string, six: string): KubeObject => {
      const one = pod(key);
      return { ...one, status: { ...(one.status as object), podIPs: [{ ip: '10.0.0.1' }, { ip: six }] } };
    };
    const pods = [
      dual('prod-x7k2a/web', 'fd00::1'),
      dual('prod-x7k2a/api', 'fd00::2'),
      dual('dev-x7k2a/web', 'fd00::1'),
    ];
    expect(await lostOf(both, pods)).to.deep.equal({ 'prod/api': 'its address is now 10.0.0.1 and fd00::2' });
    // Without an address it is not ready in the first place.
    const asked = ENDPOINTS.map((one) => (one.endpoint === 'prod/web' ? { ...one, readiness: 80 } : one));
    const running = { ...moved, status: { ...moved.status, containerStatuses: [{ state: { running: {} } }] } };
    expect(await lostOf(asked, [running, api, other])).to.deep.equal({ 'prod/web': 'its address is now 10.0.0.9' });
  });

  it('finds a pod that is on its way out', async () => {
    const leaving = pod('dev-x7k2a/web', { deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect(await lostAmong(web, api, leaving)).to.deep.equal({ 'dev/web': 'it is being deleted' });
  });

  it('finds a pod that is no longer ready, and says why', async () => {
    const status = {
      phase: 'Running',
      podIP: '10.0.0.1',
      conditions: [{ type: 'Ready', status: 'False' }],
      containerStatuses: [{ state: { terminated: { reason: 'OOMKilled', exitCode: 137 } } }],
    };
    expect(await lostAmong({ ...web, status }, api, other)).to.deep.equal({
      'prod/web': 'it is not ready: its servers ended, OOMKilled, exit code 137',
    });
  });

  it('takes a pod that its kubelet asks for lost only when it no longer runs: that it is not ready is for policies to show', async () => {
    const asked = ENDPOINTS.map((one) => (one.endpoint === 'prod/web' ? { ...one, readiness: 80 } : one));
    const unready = (state: object, name = 'prod-x7k2a/web') => {
      const { metadata, status } = pod(name, {}, 'False');
      return { metadata, status: { ...(status as object), containerStatuses: [{ state }] } };
    };
    expect(await lostOf(asked, [unready({ running: {} }), api, other])).to.deep.equal({});
    const others = [unready({ running: {} }, 'prod-x7k2a/api'), other];
    expect(await lostOf(asked, [unready({ running: {} }), ...others])).to.have.keys('prod/api');
    const dead = unready({ terminated: { reason: 'Error', exitCode: 70 } });
    expect((await lostOf(asked, [dead, api, other]))['prod/web']).to.contain('exit code 70');
  });

  it('names all that are lost', async () => {
    expect(Object.keys(await lostAmong()).sort()).to.deep.equal(['dev/web', 'prod/api', 'prod/web']);
  });

  it('fails if the cluster does not tell', async () => {
    const broken = new PodreachError('no answer');
    const client = fakeClient({ list: () => Promise.reject(broken) });
    expect(await failureOf(lostPods(client, ENDPOINTS, UIDS))).to.equal(broken);
  });
});
