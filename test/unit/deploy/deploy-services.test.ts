import { expect } from 'chai';
import { deploy, isService } from '../../../src/deploy/index.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { Client, KubeObject } from '../../../src/kube/client.ts';
import { topologyIn } from '../scenario/paths-fixture.ts';
import { fakeClient } from './fake-client.ts';

const OPTIONS = { image: 'probe:1', runId: 'run-1', owner: 'here 1 2' };
const YAML = `namespaces:
  prod:
    pods:
      web-1: {labels: {app: web}, ports: [8080]}
      web-2: {labels: {app: web}, ports: [8080]}
      client: {}
nodes: {own: {with: prod/web-2, ports: [9100]}, other: {without: prod/web-2}}
services: {prod/web: {selector: {app: web}, port: 80, targetPort: 8080, dns: true, type: NodePort}}
policies: []
`;

const node = (name: string, index: number): KubeObject => ({
  metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  status: {
    conditions: [{ type: 'Ready', status: 'True' }],
    addresses: [{ type: 'InternalIP', address: `172.18.0.${index}` }],
  },
});
const WHERE: Readonly<Record<string, string>> = { 'web-1': 'n1', 'web-2': 'n2', client: 'n1', own: 'n2', other: 'n1' };
const pods = Object.entries(WHERE).map(
  ([name, nodeName], index): KubeObject => ({
    metadata: { name, uid: `uid-${name}` },
    spec: { nodeName },
    status: {
      phase: 'Running',
      podIP: `10.0.0.${index + 1}`,
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [{ state: { running: {} } }],
    },
  }),
);

/** A cluster of two nodes, in which all pods but the lost ones stand. */
const clusterWithout = (...lost: readonly string[]) => {
  const list: Client['list'] = async (path) => {
    if (path.endsWith('/nodes')) return ['n1', 'n2'].map((name, at) => node(name, at + 2));
    const namespace = /namespaces\/([^/]+)\/pods$/.exec(path)?.[1];
    return pods
      .filter(({ metadata }) => !lost.includes(metadata.name))
      .map((pod) => ({ ...pod, metadata: { ...pod.metadata, ...(namespace && { namespace }) } }));
  };
  const client = fakeClient({ list, waitFor: async () => pods });
  const plain = client.apply;
  client.apply = async (manifest, options) => {
    const object = await plain(manifest, options);
    if (manifest.kind !== 'Service') return object;
    const ports = [{ port: 80, protocol: 'TCP', nodePort: 30_080 }];
    return { ...object, spec: { clusterIPs: ['10.96.0.7'], ports } } as KubeObject;
  };
  return client;
};

const deployed = async (...lost: readonly string[]) => {
  const client = clusterWithout(...lost);
  return { client, deployment: await deploy(client, await topologyIn(YAML), OPTIONS) };
};

describe('deploy, of Services', () => {
  it('creates each in its namespace, and reports each way to it', async () => {
    const { client, deployment } = await deployed();
    const services = client.applied.filter(({ kind }) => kind === 'Service');
    expect(services.map(({ metadata }) => metadata)).to.deep.equal([
      { name: 'web', namespace: deployment.namespaceOf('prod') },
    ]);
    const ways = [...deployment.endpoints.values()].filter(isService);
    expect(ways.map(({ endpoint, addresses }) => [endpoint, ...addresses])).to.deep.equal([
      ['svc:prod/web', '10.96.0.7'],
      ['dns:prod/web'],
      ['nodeport:prod/web', '172.18.0.2'],
    ]);
    expect(ways[1]?.dnsName).to.equal(`web.${deployment.namespaceOf('prod')}.svc.cluster.local.`);
    for (const way of ways)
      expect(way.translations.get('80/TCP')?.backends.map(({ endpoint }) => endpoint)).to.deep.equal([
        'prod/web-1',
        'prod/web-2',
      ]);
  });

  it('gives each that has one an address outside the cluster that neither another nor a host has', async () => {
    const yaml = YAML.replace(
      'type: NodePort}}',
      'type: LoadBalancer}, prod/more: {selector: {app: web}, port: 8080, external: true}}',
    );
    const client = clusterWithout();
    const statuses: unknown[] = [];
    client.patch = async (path, body) => {
      statuses.push([path, body]);
      return { metadata: { name: 'web' } };
    };
    const deployment = await deploy(client, await topologyIn(yaml), OPTIONS);
    const namespace = deployment.namespaceOf('prod');
    const [web = '', ...others] = deployment.endpoints.get('external:prod/web')?.addresses ?? [];
    const [more = ''] = deployment.endpoints.get('external:prod/more')?.addresses ?? [];
    expect(others).to.deep.equal([]);
    for (const address of [web, more]) expect(address).to.match(/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/);
    expect(web).to.not.equal(more);
    expect(statuses).to.deep.equal([
      [`/api/v1/namespaces/${namespace}/services/web/status`, { status: { loadBalancer: { ingress: [{ ip: web }] } } }],
    ]);
    const specs = client.applied.flatMap(({ kind, spec }) => (kind === 'Service' ? [spec as object] : []));
    expect(specs[0]).to.include({ type: 'LoadBalancer', loadBalancerClass: 'podreach/none' });
    expect(specs[1]).to.deep.include({ externalIPs: [more] });
  });

  it('makes another name lead to the namespace that the Service really has', async () => {
    const topology = await topologyIn(YAML.replace('  prod:', '  dev: {}\n  prod:'));
    const [web] = topology.services;
    if (!web) return expect.fail('no Service');
    const alias = {
      ...web,
      ...{ namespace: 'dev', name: 'old', aliasOf: { namespace: 'prod', name: 'web' }, nodePort: null },
    };
    const client = clusterWithout();
    const deployment = await deploy(client, { ...topology, services: [web, alias] }, OPTIONS);
    const [prod, dev] = ['prod', 'dev'].map((name) => deployment.namespaceOf(name));
    const sent = client.applied.find(({ kind, metadata }) => kind === 'Service' && Object(metadata).name === 'old');
    expect(sent).to.deep.include({
      metadata: { name: 'old', namespace: dev },
      spec: { type: 'ExternalName', externalName: `web.${prod}.svc.cluster.local` },
    });
    const end = deployment.endpoints.get('dns:dev/old');
    if (!end || !isService(end)) return expect.fail('no dns:dev/old');
    expect(end.dnsName).to.equal(`old.${dev}.svc.cluster.local.`);
    expect(end.translations.get('80/TCP')?.backends.map(({ endpoint }) => endpoint)).to.deep.equal([
      'prod/web-1',
      'prod/web-2',
    ]);
    expect(deployment.endpoints.has('svc:dev/old')).to.equal(false);
  });

  it('starts no probe from one', async () => {
    const { deployment } = await deployed();
    expect(() => deployment.source('svc:prod/web')).to.throw(PodreachError, 'no probe starts from svc:prod/web');
  });

  it('trusts no Service of which a backend is lost', async () => {
    const { deployment } = await deployed('web-2');
    expect(Object.fromEntries(await deployment.lost())).to.deep.equal({
      'prod/web-2': 'it is gone',
      'svc:prod/web': 'its backend prod/web-2: it is gone',
      'dns:prod/web': 'its backend prod/web-2: it is gone',
      'nodeport:prod/web': 'its backend prod/web-2: it is gone',
    });
    expect((await (await deployed('client')).deployment.lost()).size).to.equal(1);
  });
});

describe('deploy, of nodes', () => {
  it('stands pods for them on those nodes, in a namespace that no policy of the scenario is in', async () => {
    const { client, deployment } = await deployed();
    const own = deployment.endpoints.get('node:own');
    expect(own?.kind).to.equal('node');
    expect(own).to.deep.include({ pod: 'own', node: 'n2', ports: [{ number: 9100, protocol: 'TCP' }] });
    const nodePods = client.applied
      .filter(({ kind, spec }) => kind === 'Pod' && (spec as { hostNetwork?: boolean }).hostNetwork)
      .map(({ metadata }) => metadata as { readonly name: string; readonly namespace: string });
    expect(nodePods.map(({ name }) => name)).to.deep.equal(['own', 'other']);
    const [namespace, ...others] = new Set(nodePods.map((one) => one.namespace));
    expect(others).to.deep.equal([]);
    expect(namespace).to.match(/^podreach-nodes-[a-z0-9]{5}$/);
    expect(deployment.namespaces).to.deep.equal([deployment.namespaceOf('prod'), namespace]);
  });

  it('makes no namespace for them if there are none', async () => {
    const client = clusterWithout();
    const plain = await deploy(client, await topologyIn(YAML.replace(/nodes: .*\n/, '')), OPTIONS);
    expect(plain.namespaces).to.have.length(1);
  });

  it('removes their namespace with the others', async () => {
    const { client, deployment } = await deployed();
    await deployment.dispose();
    expect(client.deleted).to.deep.equal(deployment.namespaces.map((name) => `/api/v1/namespaces/${name}`));
  });
});
