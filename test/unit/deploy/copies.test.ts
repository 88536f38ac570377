import { expect } from 'chai';
import { type Copy, createCopies } from '../../../src/deploy/copies.ts';
import type { KubeObject } from '../../../src/kube/index.ts';
import { fakeClient } from './fake-client.ts';

const ports = [{ number: 80, protocol: 'TCP' as const }];
const POD = {
  ...{ endpoint: 'prod/web', namespace: 'prod', name: 'web', labels: { app: 'web' }, ports },
  ...{ addresses: ['10.0.0.1'], readiness: 80 },
};
const copyOf = (name: string, hostname: string): Copy => ({ pod: POD, name, hostname, recorder: ['15', '250', '60'] });

const CALICO = 'cni.projectcalico.org/podIPs';
const READY = { conditions: [{ type: 'Ready', status: 'True' }] };

/** What the API server says of a pod, one after the other: nothing, what the CNI writes, what the kubelet writes. */
const pod = (name: string, annotations: Record<string, string>, address?: string): KubeObject => ({
  metadata: { name, annotations },
  spec: { nodeName: 'node-1' },
  status: address === undefined ? {} : { ...READY, podIP: address, podIPs: [{ ip: address }] },
});

const start = async (...looks: readonly (readonly KubeObject[])[]) => {
  const client = fakeClient({
    waitFor: async (_path, predicate) => {
      for (const look of looks) if (predicate(look)) return look;
      throw new Error('not ready');
    },
  });
  const nodes = [{ name: 'node-1', hostname: 'host-1', addresses: [] }];
  const copies = createCopies(client, { nodes, image: 'probe:1', namespaceOf: (name) => `${name}-x` });
  const seen: unknown[] = [];
  const endpoints = await copies.start([copyOf('one', 'host-1'), copyOf('two', 'host-1')], {
    ...{ deadlineMs: 1, signal: new AbortController().signal },
    onAddresses: (copy, addresses, early) => seen.push([copy.name, addresses, early]),
  });
  return { client, copies, endpoints, seen };
};

describe('copies of a pod', () => {
  it('have its labels and ports, but not its address, and a recorder that starts first', async () => {
    const ready = [pod('one', {}, '10.0.0.2'), pod('two', {}, '10.0.0.3')];
    const { client, copies, endpoints } = await start(ready);
    expect(copies.hostnames).to.deep.equal(['host-1']);
    // biome-ignore lint/suspicious/noExplicitAny: a manifest is plain JSON, read here by its known shape.
    const [manifest] = client.applied as any[];
    expect(manifest.metadata).to.deep.equal({ name: 'one', namespace: 'prod-x', labels: { app: 'web' } });
    const [container] = manifest.spec.containers;
    expect(container.env).to.deep.include.members([
      { name: 'PODREACH_RECORDER', value: '15 250 60' },
      { name: 'PODREACH_ADDRESSES', valueFrom: { fieldRef: { fieldPath: 'status.podIPs' } } },
    ]);
    expect(container).not.to.have.property('readinessProbe');
    expect(container.command[2]).to.match(/\/recorder.*agnhost porter/s);
    expect(manifest.spec.affinity.nodeAffinity).to.have.property('requiredDuringSchedulingIgnoredDuringExecution');
    expect(endpoints.map(({ pod: name, node, addresses }) => [name, node, addresses])).to.deep.equal([
      ['one', 'node-1', ['10.0.0.2']],
      ['two', 'node-1', ['10.0.0.3']],
    ]);
  });

  it('are told of once each, when the CNI writes their addresses, or else when the kubelet does', async () => {
    const { seen } = await start(
      [pod('one', {}), pod('two', {})],
      [pod('one', { [CALICO]: '10.0.0.2/32,fd00::2/128' }), pod('two', {})],
      [pod('one', { [CALICO]: '10.0.0.2/32,fd00::2/128' }, '10.0.0.2'), pod('two', {}, '10.0.0.3')],
    );
    expect(seen).to.deep.equal([
      ['one', ['10.0.0.2', 'fd00::2'], true],
      ['two', ['10.0.0.3'], false],
    ]);
  });

  it('are removed by name, and awaited', async () => {
    const { client, copies } = await start([pod('one', {}, '10.0.0.2'), pod('two', {}, '10.0.0.3')]);
    await copies.remove([copyOf('one', 'host-1'), copyOf('two', 'host-1')]);
    expect(client.deleted).to.deep.equal(
      ['one', 'two'].map((name) => `/api/v1/namespaces/prod-x/pods/${name}?gracePeriodSeconds=1`),
    );
    let asked = 0;
    client.waitFor = async (_path, predicate) => {
      asked += 1;
      expect(predicate([pod('one', {}), pod('web', {})])).to.equal(false);
      expect(predicate([pod('web', {})])).to.equal(true);
      return [];
    };
    await copies.untilGone();
    await copies.untilGone();
    expect(asked).to.equal(1);
  });
});
