import { expect } from 'chai';
import { existingPod } from '../../../src/attach/existing-pod.ts';
import { readLivePolicies } from '../../../src/attach/live-policies.ts';
import { topologyOf } from '../../../src/attach/live-topology.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { KubeObject } from '../../../src/kube/index.ts';
import { failureOf } from '../failure-of.ts';
import { fakeCluster, podObject } from './fake-cluster.ts';

const policy = (name: string, spec: unknown): KubeObject => ({
  metadata: { name, namespace: 'prod', uid: `uid-of-${name}`, resourceVersion: '7', labels: { app: 'a' } },
  spec,
});

const closed = policy('closed', { podSelector: {}, policyTypes: ['Ingress'] });

const clientWith = (policies: readonly KubeObject[], forbidden: (path: string) => boolean = () => false) => ({
  ...fakeCluster([]),
  get: async (path: string): Promise<KubeObject> => {
    if (forbidden(path)) throw new PodreachError('403 Forbidden');
    return { metadata: { name: path.split('/').at(-1) ?? '', labels: { team: 'a' } } };
  },
  list: async (path: string) => {
    if (forbidden(path)) throw new PodreachError('403 Forbidden');
    return path === '/apis/networking.k8s.io/v1/namespaces/prod/networkpolicies' ? policies : [];
  },
});

describe('readLivePolicies', () => {
  it('reads the policies and the labels of the namespaces', async () => {
    const live = await readLivePolicies(clientWith([closed]), ['prod', 'dev']);
    expect(live?.policies.map(({ namespace, name }) => `${namespace}/${name}`)).to.deep.equal(['prod/closed']);
    expect(live?.policies[0]?.spec.ingress).to.deep.equal([]);
    expect([...(live?.labels ?? [])]).to.deep.equal([
      ['prod', { team: 'a' }],
      ['dev', { team: 'a' }],
    ]);
  });

  it('knows nothing where it may not read a part', async () => {
    for (const part of ['prod/networkpolicies', 'namespaces/dev']) {
      const client = clientWith([closed], (path) => path.endsWith(part));
      expect(await readLivePolicies(client, ['prod', 'dev']), part).to.equal(null);
    }
  });

  it('knows nothing where a policy says what podreach does not know', async () => {
    expect(
      await readLivePolicies(clientWith([closed, policy('newer', { podSelector: {}, tiers: [] })]), ['prod']),
    ).to.equal(null);
  });

  it('has the same version as long as the policies do the same', async () => {
    const versionOf = async (...policies: readonly KubeObject[]) =>
      (await readLivePolicies(clientWith(policies), ['prod']))?.version;
    const before = await versionOf(closed);
    const touched = { ...closed, metadata: { ...closed.metadata, resourceVersion: '8' } };
    expect(await versionOf(touched)).to.equal(before);
    expect(await versionOf({ ...closed, metadata: { ...closed.metadata, uid: 'another' } })).not.to.equal(before);
    expect(await versionOf(policy('closed', { podSelector: {} }))).not.to.equal(before);
    expect(await versionOf()).not.to.equal(before);
  });

  it('ends with an interruption', async () => {
    const client = clientWith([closed], () => true);
    expect((await failureOf(readLivePolicies(client, ['prod'], AbortSignal.abort()))).message).to.contain('403');
  });
});

describe('topologyOf', () => {
  it('has the pods as they are, in namespaces with their labels', () => {
    const object = podObject('prod/web');
    const web = existingPod({ ...object, metadata: { ...object.metadata, labels: { app: 'web' } } }, null);
    const agent = { ...existingPod(podObject('dev/agent'), []), hostNetwork: true };
    expect(topologyOf([agent, web], new Map([['prod', { team: 'a' }]]))).to.deep.equal({
      namespaces: [
        {
          name: 'dev',
          labels: {},
          pods: [{ endpoint: 'dev/agent', namespace: 'dev', name: 'agent', labels: {}, ports: [], hostNetwork: true }],
        },
        {
          name: 'prod',
          labels: { team: 'a' },
          pods: [
            {
              endpoint: 'prod/web',
              namespace: 'prod',
              name: 'web',
              labels: { app: 'web' },
              ports: [{ number: 80, protocol: 'TCP' }],
            },
          ],
        },
      ],
      hosts: [],
      nodes: [],
      services: [],
    });
  });
});
