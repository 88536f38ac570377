import { expect } from 'chai';
import { clusterReady, isSystemReady } from '../../../src/cluster/ready.ts';
import type { KubeObject } from '../../../src/kube/client.ts';
import { fakeClient } from '../deploy/fake-client.ts';
import { failureOf } from '../failure-of.ts';

const NAMES = [
  'calico-node-x1',
  'calico-node-x2',
  'calico-kube-controllers-7d-a',
  'coredns-66-b',
  'kube-proxy-c',
  'etcd-1',
];
const pod = (name: string, ready: 'True' | 'False' = 'True'): KubeObject => ({
  metadata: { name },
  status: { phase: 'Running', podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: ready }] },
});
const node = (name: string, ready: 'True' | 'False' | 'Unknown'): KubeObject => ({
  metadata: { name },
  status: {
    conditions: [
      { type: 'MemoryPressure', status: 'True' },
      { type: 'Ready', status: ready },
    ],
  },
});
const all = NAMES.map((name) => pod(name));

describe('isSystemReady', () => {
  it('is true when every component is there and every pod ready', () => {
    expect(isSystemReady(all)).to.equal(true);
  });

  for (const component of ['calico-node-', 'calico-kube-controllers-', 'coredns-', 'kube-proxy-'])
    it(`is false without a pod of ${component}…`, () => {
      expect(isSystemReady(all.filter(({ metadata }) => !metadata.name.startsWith(component)))).to.equal(false);
    });

  for (const name of NAMES)
    it(`is false while ${name} is not ready`, () => {
      expect(isSystemReady(NAMES.map((one) => pod(one, one === name ? 'False' : 'True')))).to.equal(false);
    });

  it('is false for nothing, and for a pod that is on its way out', () => {
    expect(isSystemReady([])).to.equal(false);
    const leaving = {
      ...pod('coredns-66-b'),
      metadata: { name: 'coredns-66-b', deletionTimestamp: '2026-01-01T00:00:00Z' },
    };
    expect(isSystemReady([...all, leaving])).to.equal(false);
  });
});

describe('clusterReady', () => {
  /** A watch that shows these objects once: satisfied, or at its deadline. */
  const clusterOf = (nodes: readonly KubeObject[], pods: readonly KubeObject[]) => {
    const asked: string[] = [];
    const client = fakeClient({
      list: async (path) => (path.endsWith('/pods') ? pods : []),
      waitFor: async (path, predicate, { what, describe: describeObjects }) => {
        asked.push(path);
        const objects = path === '/api/v1/nodes' ? nodes : pods;
        if (predicate(objects)) return objects;
        throw new Error(`${what}: ${await describeObjects?.(objects)}`);
      },
    });
    return { client, asked };
  };

  it('waits for the nodes, then for the pods of kube-system', async () => {
    const { client, asked } = clusterOf([node('a', 'True'), node('b', 'True')], all);
    await clusterReady(client);
    expect(asked).to.deep.equal(['/api/v1/nodes', '/api/v1/namespaces/kube-system/pods']);
  });

  it('is not ready without a node, or with one that is not', async () => {
    expect((await failureOf(clusterReady(clusterOf([], all).client))).message).to.contain('the nodes of the cluster');
    const { client } = clusterOf([node('a', 'True'), node('b', 'Unknown'), node('c', 'False')], [pod('kube-proxy-c')]);
    expect((await failureOf(clusterReady(client))).message).to.equal(
      'the nodes of the cluster: not ready: b, c; no pod calico-node-…; no pod calico-kube-controllers-…; no pod coredns-…',
    );
  });

  it('says which component is not there and which pod is not ready', async () => {
    const { client } = clusterOf(
      [node('a', 'True')],
      all.filter(({ metadata }) => !metadata.name.startsWith('coredns-')).with(0, pod('calico-node-x1', 'False')),
    );
    const { message } = await failureOf(clusterReady(client));
    expect(message).to.equal('the pods of kube-system: no pod coredns-…; calico-node-x1: Running');
  });
});
