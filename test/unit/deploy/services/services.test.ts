import { expect } from 'chai';
import type { ServiceEndpoint } from '../../../../src/deploy/endpoint.ts';
import type { ClusterNode } from '../../../../src/deploy/nodes.ts';
import { serviceManifest } from '../../../../src/deploy/services/service-manifest.ts';
import { applyService, serviceEndpoint } from '../../../../src/deploy/services/services.ts';
import type { Port, Service, ServiceWay } from '../../../../src/scenario/index.ts';
import { fakeClient } from '../fake-client.ts';

const SERVICE: Service = {
  namespace: 'prod',
  name: 'web',
  selector: { app: 'web' },
  ports: [
    { name: 'http', number: 80, protocol: 'TCP', target: 'http' },
    { name: 'dns', number: 53, protocol: 'UDP', target: 5353 },
  ],
  headless: false,
  nodePort: null,
  byName: false,
};

describe('serviceManifest', () => {
  it('selects the backends, and has an address of each family that the cluster has', () => {
    expect(serviceManifest(SERVICE, { namespace: 'prod-x7k2a' })).to.deep.equal({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'prod-x7k2a' },
      spec: {
        selector: { app: 'web' },
        ipFamilyPolicy: 'PreferDualStack',
        ports: [
          { name: 'http', port: 80, protocol: 'TCP', targetPort: 'http' },
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: 5353 },
        ],
      },
    });
  });

  it('has no address if it is headless, and a port on the nodes if it has one', () => {
    expect(serviceManifest({ ...SERVICE, headless: true }, { namespace: 'n' }).spec).to.include({ clusterIP: 'None' });
    expect(serviceManifest({ ...SERVICE, nodePort: 'Local' }, { namespace: 'n' }).spec).to.include({
      type: 'NodePort',
      externalTrafficPolicy: 'Local',
    });
    expect(serviceManifest(SERVICE, { namespace: 'n' }).spec).to.not.have.any.keys(
      'clusterIP',
      'type',
      'externalTrafficPolicy',
    );
  });

  it('keeps a client at its backend for as long as it says', () => {
    expect(serviceManifest({ ...SERVICE, stickySeconds: 60 }, { namespace: 'n' }).spec).to.deep.include({
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
    });
    expect(serviceManifest(SERVICE, { namespace: 'n' }).spec).to.not.have.any.keys(
      'sessionAffinity',
      'sessionAffinityConfig',
    );
  });

  it('has a load balancer that nobody makes, with ports on the nodes or without', () => {
    const balanced = { ...SERVICE, external: 'load-balancer', nodePort: 'Local' } as const;
    expect(serviceManifest(balanced, { namespace: 'n', outside: ['192.0.2.7'] }).spec).to.include({
      type: 'LoadBalancer',
      loadBalancerClass: 'podreach/none',
      externalTrafficPolicy: 'Local',
      allocateLoadBalancerNodePorts: true,
    });
    const { spec } = serviceManifest({ ...balanced, nodePort: null }, { namespace: 'n', outside: ['192.0.2.7'] });
    expect(spec).to.include({ type: 'LoadBalancer', allocateLoadBalancerNodePorts: false });
    expect(spec).to.not.have.any.keys('externalTrafficPolicy', 'externalIPs');
  });

  it('has the externalIPs that it is given', () => {
    const { spec } = serviceManifest(
      { ...SERVICE, external: 'external-ip' },
      { namespace: 'n', outside: ['192.0.2.7'] },
    );
    expect(spec).to.deep.include({ externalIPs: ['192.0.2.7'] });
    expect(spec).to.not.have.any.keys('type', 'loadBalancerClass');
    expect(serviceManifest(SERVICE, { namespace: 'n', outside: ['192.0.2.7'] }).spec).to.not.have.property(
      'externalIPs',
    );
  });

  it('is another name of a Service in the namespace where that is, and nothing else', () => {
    const alias = { ...SERVICE, name: 'old', aliasOf: { namespace: 'prod', name: 'web' } };
    expect(serviceManifest(alias, { namespace: 'dev-x7k2a', podsIn: 'prod-x7k2a' })).to.deep.equal({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'old', namespace: 'dev-x7k2a' },
      spec: { type: 'ExternalName', externalName: 'web.prod-x7k2a.svc.cluster.local' },
    });
  });

  it('leaves a single port without a name', () => {
    const ports = [{ number: 80, protocol: 'TCP', target: 80 } as const];
    expect(serviceManifest({ ...SERVICE, ports }, { namespace: 'n' }).spec)
      .to.have.property('ports')
      .that.deep.equals([{ port: 80, protocol: 'TCP', targetPort: 80 }]);
  });
});

describe('applyService', () => {
  it('creates it, and keeps what it became', async () => {
    const client = fakeClient();
    const applied = await applyService(client, SERVICE, { namespace: 'prod-x7k2a' });
    expect(client.applied).to.deep.equal([serviceManifest(SERVICE, { namespace: 'prod-x7k2a' })]);
    expect(applied).to.include({ service: SERVICE, namespace: 'prod-x7k2a' });
    expect(applied.object.metadata.name).to.equal('web');
  });

  it('reports the addresses of a load balancer in the status, where its controller would, and of no other', async () => {
    const patched: unknown[] = [];
    const client = fakeClient({
      patch: async (path, body) => {
        patched.push([path, body]);
        return { metadata: { name: 'web' } };
      },
    });
    const outside = ['192.0.2.7', '2001:db8::7'];
    const applied = await applyService(client, { ...SERVICE, external: 'load-balancer' }, { namespace: 'n', outside });
    expect(applied.outside).to.deep.equal(outside);
    const ingress = [{ ip: '192.0.2.7' }, { ip: '2001:db8::7' }];
    expect(patched).to.deep.equal([
      ['/api/v1/namespaces/n/services/web/status', { status: { loadBalancer: { ingress } } }],
    ]);
    await applyService(client, { ...SERVICE, external: 'external-ip' }, { namespace: 'n', outside });
    expect(patched).to.have.length(1);
  });
});

describe('serviceEndpoint', () => {
  const http = (number: number): readonly Port[] => [
    { name: 'http', number, protocol: 'TCP' },
    { number: 5353, protocol: 'UDP' },
  ];
  const pod = (name: string, node: string, ports: readonly Port[], labels = { app: 'web' }) => ({
    ...{ kind: 'pod' as const, endpoint: `prod/${name}`, namespace: 'prod-x7k2a', pod: name, node },
    ...{ addresses: ['10.0.0.1'], ports, labels },
  });
  const PODS = [
    pod('web-1', 'n2', http(8080)),
    pod('web-2', 'n2', http(8081)),
    pod('udp', 'n2', [{ name: 'http', number: 8080, protocol: 'UDP' }]),
    pod('client', 'n1', http(8080), { app: 'client' }),
  ];
  const NODES: readonly ClusterNode[] = ['n1', 'n2', 'n3'].map((name, index) => ({
    ...{ name, hostname: name },
    addresses: [`172.18.0.${index + 1}`, `fc00::${index + 1}`],
  }));
  const OBJECT = {
    metadata: { name: 'web' },
    spec: {
      clusterIPs: ['10.96.0.7', 'fd00:10:96::7'],
      ports: [
        { port: 80, protocol: 'UDP', nodePort: 31_000 },
        { port: 80, protocol: 'TCP', nodePort: 30_080 },
        { port: 53, protocol: 'UDP', nodePort: 30_053 },
      ],
    },
  };
  const OUTSIDE = ['192.0.2.7', '2001:db8::7'];
  const endpointOf = (way: ServiceWay['way'], changes: Partial<Service> = {}, pods = PODS): ServiceEndpoint => {
    const service = { ...SERVICE, ...changes };
    const end = { endpoint: `${way}:prod/web`, way, service, ports: service.ports };
    return serviceEndpoint(end, { service, namespace: 'prod-x7k2a', object: OBJECT, outside: OUTSIDE }, pods, NODES);
  };
  const backendsOf = ({ translations }: ServiceEndpoint, port: string) =>
    translations.get(port)?.backends.map((backend) => `${backend.namespace}/${backend.pod}:${backend.port}`);

  it('is reached by its addresses, on its own port', () => {
    const end = endpointOf('svc');
    expect(end).to.deep.include({ endpoint: 'svc:prod/web', addresses: ['10.96.0.7', 'fd00:10:96::7'] });
    expect(end).to.not.have.property('dnsName');
    expect([...end.translations].map(([port, { port: number }]) => [port, number])).to.deep.equal([
      ['80/TCP', 80],
      ['53/UDP', 53],
    ]);
  });

  it('has the pods with its labels behind it, each on its own number for the name of the target port', () => {
    const end = endpointOf('svc');
    expect(backendsOf(end, '80/TCP')).to.deep.equal(['prod-x7k2a/web-1:8080', 'prod-x7k2a/web-2:8081']);
    expect(end.translations.get('80/TCP')?.backends.map(({ endpoint }) => endpoint)).to.deep.equal([
      'prod/web-1',
      'prod/web-2',
    ]);
    expect(backendsOf(end, '53/UDP')).to.deep.equal(['prod-x7k2a/web-1:5353', 'prod-x7k2a/web-2:5353']);
  });

  it("is reached by its name in the cluster's namespace, whole, so that no search list is tried", () => {
    const end = endpointOf('dns');
    expect(end).to.deep.include({ addresses: [], dnsName: 'web.prod-x7k2a.svc.cluster.local.' });
    expect(backendsOf(end, '80/TCP')).to.have.length(2);
  });

  it('is reached by the port of a node that the API server gave it', () => {
    const end = endpointOf('nodeport', { nodePort: 'Cluster' });
    expect([...end.translations].map(([port, { port: number }]) => [port, number])).to.deep.equal([
      ['80/TCP', 30_080],
      ['53/UDP', 30_053],
    ]);
  });

  it('is reached by its addresses outside the cluster, on its own port, in the families that it has', () => {
    const end = endpointOf('external', { external: 'external-ip' });
    expect(end).to.deep.include({ endpoint: 'external:prod/web', addresses: OUTSIDE });
    expect(end).to.not.have.any.keys('dnsName', 'entry');
    expect(end.translations.get('80/TCP')?.port).to.equal(80);
    expect(backendsOf(end, '80/TCP')).to.have.length(2);
    const single = { ...OBJECT, spec: { ...OBJECT.spec, clusterIPs: ['fd00:10:96::7'] } };
    const way = { endpoint: 'external:prod/web', way: 'external', ports: SERVICE.ports } as const;
    const applied = { service: SERVICE, namespace: 'n', object: single, outside: OUTSIDE };
    expect(serviceEndpoint(way, applied, PODS, NODES).addresses).to.deep.equal(['2001:db8::7']);
  });

  it('is entered by a node without a backend, so that it is sent on, or by one with a backend if only that answers', () => {
    expect(endpointOf('nodeport', { nodePort: 'Cluster' }).addresses).to.deep.equal(['172.18.0.1', 'fc00::1']);
    expect(endpointOf('nodeport', { nodePort: 'Local' }).addresses).to.deep.equal(['172.18.0.2', 'fc00::2']);
  });

  it('is entered by the first node if every one has a backend', () => {
    const everywhere = ['n1', 'n2', 'n3'].map((node) => pod(`web-${node}`, node, http(8080)));
    expect(endpointOf('nodeport', { nodePort: 'Cluster' }, everywhere).addresses[0]).to.equal('172.18.0.1');
  });
});
