import { expect } from 'chai';
import { deploy } from '../../../src/deploy/deploy.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { Client, KubeObject } from '../../../src/kube/client.ts';
import type { Topology } from '../../../src/scenario/index.ts';
import { failureOf } from '../failure-of.ts';
import { type FakeClient, fakeClient } from './fake-client.ts';

const pod = (namespace: string, name: string) => ({
  endpoint: `${namespace}/${name}`,
  namespace,
  name,
  labels: { app: name },
  ports: [{ number: 80, protocol: 'TCP' as const }],
});
const TOPOLOGY: Topology = {
  hosts: [],
  nodes: [],
  services: [],
  namespaces: [
    { name: 'prod', labels: { environment: 'prod' }, pods: [pod('prod', 'web'), pod('prod', 'api')] },
    { name: 'empty', labels: {}, pods: [] },
  ],
};
const node = (name: string, extra: object = {}): KubeObject => ({
  metadata: { name, labels: { 'kubernetes.io/hostname': `${name}.local`, 'kubernetes.io/os': 'linux' } },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
  ...extra,
});
const NODES = [
  node('b'),
  node('a', { spec: { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] } }),
  node('tainted', { spec: { taints: [{ key: 'gpu', effect: 'NoSchedule' }] } }),
  node('cordoned', { spec: { unschedulable: true } }),
  node('down', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }),
];
const readyPod = (name: string, address: string): KubeObject => ({
  metadata: { name },
  spec: { nodeName: 'a' },
  status: { phase: 'Running', podIP: address, conditions: [{ type: 'Ready', status: 'True' }] },
});
const EVENTS = ['Pulling', 'Failed', 'BackOff', 'BackOff2'].map((reason, index) => ({
  metadata: { name: `e${index}` },
  reason,
  message: `m${index}`,
  lastTimestamp: `2026-01-01T00:00:0${index}Z`,
  involvedObject: { kind: 'Pod', name: 'api' },
}));

/** A cluster whose pods are these, in whatever state, and which waits no longer than it has to. */
const clusterWith = (pods: readonly KubeObject[]): FakeClient => {
  const list: Client['list'] = async (path) =>
    path.endsWith('/nodes') ? NODES : path.endsWith('/events') ? EVENTS : [];
  const waitFor: Client['waitFor'] = async (_path, predicate, { what, describe: missing }) => {
    if (predicate(pods)) return pods;
    throw new PodreachError(`${what}: ${await missing?.(pods)}`);
  };
  return fakeClient({ list, waitFor });
};

const OPTIONS = { image: 'probe:1', runId: 'run-1', owner: 'here 1 2' };

describe('deploy', () => {
  it('renames namespaces alike, marks them and nothing else with the run, and reports where all stands', async () => {
    const client = clusterWith([readyPod('web', '10.0.0.1'), readyPod('api', '10.0.0.2')]);
    const deployment = await deploy(client, TOPOLOGY, OPTIONS);
    const prod = deployment.namespaceOf('prod');
    expect(prod).to.match(/^prod-[a-z0-9]{5}$/);
    expect(deployment.namespaceOf('empty').slice(-5)).to.equal(prod.slice(-5));
    expect(deployment.endpoints.get('prod/api')).to.deep.equal({
      kind: 'pod',
      endpoint: 'prod/api',
      namespace: prod,
      pod: 'api',
      node: 'a',
      addresses: ['10.0.0.2'],
      ports: [{ number: 80, protocol: 'TCP' }],
    });
    const labels = (kind: string) =>
      client.applied
        .filter((manifest) => manifest.kind === kind)
        .map(({ metadata }) => (metadata as { labels: object }).labels);
    expect(labels('Namespace')).to.deep.equal([
      { environment: 'prod', 'podreach/run': 'run-1' },
      { 'podreach/run': 'run-1' },
    ]);
    expect(labels('Pod')).to.deep.equal([{ app: 'web' }, { app: 'api' }]);
  });

  it('reports the families that every pod has, and refuses a scenario of another before there is a pod', async () => {
    const dual = (name: string, ...ips: readonly string[]) => {
      const object = readyPod(name, ips[0] ?? '');
      return { ...object, status: { ...(object.status as object), podIPs: ips.map((ip) => ({ ip })) } };
    };
    const both = await deploy(
      clusterWith([dual('web', '10.0.0.1', 'fd00::1'), dual('api', '10.0.0.2', 'fd00::2')]),
      TOPOLOGY,
      OPTIONS,
    );
    expect(both.families).to.deep.equal(['IPv4', 'IPv6']);
    expect(both.endpoints.get('prod/api')?.addresses).to.deep.equal(['10.0.0.2', 'fd00::2']);
    const one = await deploy(
      clusterWith([dual('web', '10.0.0.1', 'fd00::1'), dual('api', '10.0.0.2')]),
      TOPOLOGY,
      OPTIONS,
    );
    expect(one.families).to.deep.equal(['IPv4']);
    const client = clusterWith([]);
    const pinned: Topology = {
      ...TOPOLOGY,
      namespaces: [{ name: 'prod', labels: {}, pods: [{ ...pod('prod', 'web'), addresses: ['fd00::9'] }] }],
    };
    const error = await failureOf(deploy(client, pinned, OPTIONS));
    expect(error.message).to.contain('IPv6');
    expect(client.applied).to.deep.equal([]);
  });

  it('spreads the pods over the nodes that take them', async () => {
    const client = clusterWith([readyPod('web', '10.0.0.1'), readyPod('api', '10.0.0.2')]);
    await deploy(client, TOPOLOGY, OPTIONS);
    const text = client.applied.filter(({ kind }) => kind === 'Pod').map((manifest) => JSON.stringify(manifest));
    expect(text[0]).to.contain('"a.local"');
    expect(text[1]).to.contain('"b.local"');
  });

  it('executes in the right pod, and knows no other names', async () => {
    const client = clusterWith([readyPod('web', '10.0.0.1'), readyPod('api', '10.0.0.2')]);
    let seen: unknown;
    client.exec = async (target, argv) => {
      seen = { target, argv };
      return { stdout: '', stderr: '', exitCode: 0 };
    };
    const deployment = await deploy(client, TOPOLOGY, OPTIONS);
    await deployment.source('prod/web').exec(['true'], { deadlineMs: 1 });
    const target = { namespace: deployment.namespaceOf('prod'), pod: 'web', container: 'probe' };
    expect(seen).to.deep.equal({ target, argv: ['true'] });
    expect(() => deployment.source('prod/db')).to.throw(PodreachError, 'no endpoint prod/db');
    expect(() => deployment.namespaceOf('dev')).to.throw(PodreachError, 'no namespace dev');
  });

  it('says which pod is not ready, why, and its last events', async () => {
    const waiting = {
      metadata: { name: 'api' },
      status: {
        phase: 'Pending',
        containerStatuses: [{ state: { waiting: { reason: 'ErrImagePull', message: 'no such image' } } }],
      },
    };
    const error = await failureOf(deploy(clusterWith([readyPod('web', '10.0.0.1'), waiting]), TOPOLOGY, OPTIONS));
    expect(error.message).to.match(
      /^the pods of namespace prod-\w{5}: api is not ready: ErrImagePull, no such image \(events: /,
    );
    expect(error.message).to.contain('(events: Failed: m1; BackOff: m2; BackOff2: m3)');
  });

  it('gives up at once on a pod whose server ended', async () => {
    const dead = {
      metadata: { name: 'api' },
      status: { phase: 'Failed', containerStatuses: [{ state: { terminated: { reason: 'Error', exitCode: 70 } } }] },
    };
    const error = await failureOf(deploy(clusterWith([readyPod('web', '10.0.0.1'), dead]), TOPOLOGY, OPTIONS));
    expect(error.message).to.match(/^pod prod-\w{5}\/api failed: its servers ended, Error, exit code 70 \(events: /);
  });

  it('says why the scheduler refuses a pod', async () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/2 nodes' }];
    const pending = { metadata: { name: 'web' }, status: { phase: 'Pending', conditions } };
    const error = await failureOf(deploy(clusterWith([pending]), TOPOLOGY, OPTIONS));
    expect(error.message).to.contain('web is not ready: Unschedulable, 0/2 nodes; also not ready: api');
  });

  it('says so when no node takes pods', async () => {
    const client = clusterWith([]);
    client.list = async () => NODES.slice(2);
    const error = await failureOf(deploy(client, TOPOLOGY, OPTIONS));
    expect(error.message).to.equal("none of the cluster's 3 nodes accepts pods");
  });
});
