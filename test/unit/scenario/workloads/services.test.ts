import { expect } from 'chai';
import { endsOf } from '../../../../src/scenario/index.ts';
import { refusal } from '../temporary-folder.ts';
import { pod, podsIn, read, service, serving, workload } from './objects-fixture.ts';

const web = workload('Deployment', 'web', {
  labels: '{app: web}',
  containers: serving('[{containerPort: 8080, name: http}]'),
});
const SELECTOR = 'selector: {app: web}';
const servicesOf = async (manifests: string) => (await read(manifests)).topology.services;
const reasonsOf = async (manifests: string) =>
  (await read(manifests)).notes.map((note) =>
    note.kind === 'not-tested' ? [note.name, note.reason, ...(note.port ? [note.port] : [])] : note,
  );

describe('Services of manifests', () => {
  // Defaults: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
  it('have the defaults of the API server', async () => {
    expect(
      await servicesOf(`${web}${service('web', `{${SELECTOR}, ports: [{port: 80, targetPort: http}]}`)}`),
    ).to.deep.equal([
      {
        ...{
          namespace: 'default',
          name: 'web',
          selector: { app: 'web' },
          headless: false,
          nodePort: null,
          byName: false,
        },
        ports: [{ number: 80, protocol: 'TCP', target: 'http' }],
      },
    ]);
  });

  it('have the port for a target if none is given, or 0', async () => {
    const ports = '[{name: a, port: 80}, {name: b, port: 81, targetPort: 0}, {name: c, port: 53, protocol: UDP}]';
    const [found] = await servicesOf(`${web}${service('web', `{${SELECTOR}, ports: ${ports}}`)}`);
    expect(found?.ports).to.deep.equal([
      { name: 'a', number: 80, protocol: 'TCP', target: 80 },
      { name: 'b', number: 81, protocol: 'TCP', target: 81 },
      { name: 'c', number: 53, protocol: 'UDP', target: 53 },
    ]);
  });

  it('are served on target ports that no container declares, once each', async () => {
    const spec = `{${SELECTOR}, ports: [{port: 80, targetPort: 9000}]}`;
    const { topology } = await read(`${web}${service('one', spec)}${service('two', spec)}`);
    expect(podsIn(topology)[0]?.ports).to.deep.equal([
      { number: 8080, protocol: 'TCP', name: 'http' },
      { number: 9000, protocol: 'TCP' },
    ]);
  });

  it('lead to the backends that have the named target port, and leave out the others', async () => {
    const other = workload('Deployment', 'other', { labels: '{app: web}' });
    const { topology, notes } = await read(
      `${web}${other}${service('web', `{${SELECTOR}, ports: [{port: 80, targetPort: http}]}`)}`,
    );
    expect(topology.services).to.have.length(1);
    expect(podsIn(topology)[1]?.ports).to.deep.equal([]);
    expect(notes).to.deep.equal([]);
  });

  for (const [type, nodePort, reasons] of [
    ['NodePort', 'Cluster', []],
    ['NodePort, externalTrafficPolicy: Local', 'Local', []],
    ['LoadBalancer', 'Cluster', [['default/web', 'external-address']]],
    ['LoadBalancer, allocateLoadBalancerNodePorts: false', null, [['default/web', 'external-address']]],
    ['ClusterIP, internalTrafficPolicy: Local', null, [['default/web', 'stays-on-node']]],
  ] as const)
    it(`of type ${type} are reached on ${nodePort === null ? 'no port' : 'a port'} of the nodes`, async () => {
      const manifests = `${web}${service('web', `{type: ${type}, ${SELECTOR}, ports: [{port: 80}]}`)}`;
      expect((await servicesOf(manifests))[0]?.nodePort).to.equal(nodePort);
      expect(await reasonsOf(manifests)).to.deep.equal(reasons);
    });

  for (const [spec, external, reasons] of [
    ['type: LoadBalancer', 'load-balancer', ['external-address']],
    ['type: LoadBalancer, externalIPs: [52.1.2.3]', 'load-balancer', ['external-address']],
    [
      'type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8]',
      'load-balancer',
      ['external-address', 'source-ranges'],
    ],
    ['externalIPs: [52.1.2.3]', 'external-ip', ['external-address']],
    ['externalIPs: [52.1.2.3], loadBalancerSourceRanges: [10.0.0.0/8]', 'external-ip', ['external-address']],
    ['externalIPs: [], type: NodePort', undefined, []],
    // kube-proxy skips those.
    ['externalIPs: [52.1.2.3], clusterIP: None', undefined, []],
  ] as const)
    it(`with ${spec} have ${external === undefined ? 'no address' : 'an address'} outside the cluster`, async () => {
      const manifests = `${web}${service('web', `{${spec}, ${SELECTOR}, ports: [{port: 8080}]}`)}`;
      expect((await servicesOf(manifests))[0]?.external).to.equal(external);
      expect(await reasonsOf(manifests)).to.deep.equal(reasons.map((reason) => ['default/web', reason]));
    });

  // https://kubernetes.io/docs/reference/networking/virtual-ips/#session-affinity: "the default value is 10800"
  for (const [spec, seconds] of [
    ['sessionAffinity: None', undefined],
    ['sessionAffinity: ClientIP', 10_800],
    ['sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}}', 60],
    ['sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {}}', 10_800],
    ['sessionAffinity: ClientIP, clusterIP: None', undefined],
  ] as const)
    it(`with ${spec} keep a client at its backend for ${seconds ?? 'no'} seconds`, async () => {
      const [found] = await servicesOf(`${web}${service('web', `{${spec}, ${SELECTOR}, ports: [{port: 8080}]}`)}`);
      expect(found?.stickySeconds).to.equal(seconds);
    });

  it('without an address of their own translate no port: their names lead to the target ports', async () => {
    const manifests = `${web}${service('web', `{clusterIP: None, ${SELECTOR}, ports: [{port: 80, targetPort: http}]}`)}`;
    expect(await servicesOf(manifests)).to.deep.equal([
      {
        ...{
          namespace: 'default',
          name: 'web',
          selector: { app: 'web' },
          headless: true,
          nodePort: null,
          byName: true,
        },
        ports: [{ number: 8080, protocol: 'TCP', target: 8080 }],
      },
    ]);
    expect(await reasonsOf(manifests)).to.deep.equal([['default/web', 'headless', '80/TCP']]);
  });

  it('with several ports without a name get one, because the API server refuses them', async () => {
    const manifests = `${web}${service('web', `{${SELECTOR}, ports: [{port: 80}, {port: 81, name: b}]}`)}`;
    expect((await servicesOf(manifests))[0]?.ports.map(({ name }) => name)).to.deep.equal(['80-tcp', 'b']);
    expect(await reasonsOf(manifests)).to.deep.equal([['default/web', 'unnamed-port', '80/TCP']]);
  });

  const LEFT_OUT: Readonly<Record<string, readonly [spec: string, ...reason: string[]]>> = {
    'leads out of the cluster': ['{type: ExternalName, externalName: example.com}', 'external-name'],
    'leads to a Service that is not there': [
      '{type: ExternalName, externalName: web.default.svc.cluster.local}',
      'no-such-service',
    ],
    'has a name that is short, which a CNAME does not complete': [
      '{type: ExternalName, externalName: web.default.svc}',
      'external-name',
    ],
    'has no name': ['{type: ExternalName}', 'external-name'],
    'leads to itself': ['{type: ExternalName, externalName: s.default.svc.cluster.local}', 'no-such-service'],
    'has no selector': ['{ports: [{port: 80}]}', 'no-selector'],
    'selects no pod': ['{selector: {app: wbe}, ports: [{port: 80}]}', 'no-pod'],
    'has no port': [`{clusterIP: None, ${SELECTOR}}`, 'no-port'],
    'has a target port that no pod has': [
      `{${SELECTOR}, ports: [{port: 80, targetPort: grpc}]}`,
      'no-such-target',
      '80/TCP',
    ],
  };
  for (const [what, [spec, ...reason]] of Object.entries(LEFT_OUT))
    it(`are left out if one ${what}, which is said`, async () => {
      const manifests = `${web}${service('s', spec)}`;
      expect(await servicesOf(manifests)).to.deep.equal([]);
      expect(await reasonsOf(manifests)).to.deep.equal([['default/s', ...reason]]);
    });

  it('have another name if an ExternalName leads to one of them, with the same ports and pods behind it', async () => {
    const namespaces = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n---\n';
    const manifests = [
      namespaces + web,
      service('old', '{type: ExternalName, externalName: Web.default.svc.cluster.local.}'),
      service(
        'web',
        `{type: LoadBalancer, sessionAffinity: ClientIP, ${SELECTOR}, ports: [{port: 80, targetPort: http}]}`,
      ),
    ].join('');
    const [target, alias] = await servicesOf(manifests);
    expect(target?.name).to.equal('web');
    expect(alias).to.deep.equal({
      ...{ namespace: 'default', name: 'old', selector: { app: 'web' }, headless: false, nodePort: null, byName: true },
      ...{ aliasOf: { namespace: 'default', name: 'web' }, stickySeconds: 10_800 },
      ports: [{ number: 80, protocol: 'TCP', target: 'http' }],
    });
    const { topology } = await read(manifests);
    expect(
      endsOf(topology).flatMap((end) => (end.kind === 'service' && end.name === 'old' ? end.endpoint : [])),
    ).to.deep.equal(['dns:default/old']);
  });

  it('have no name that leads to another name of theirs, whichever stands first', async () => {
    const alias = (name: string, target: string) =>
      service(name, `{type: ExternalName, externalName: ${target}.default.svc.cluster.local}`);
    const real = `${web}${service('web', `{${SELECTOR}, ports: [{port: 80}]}`)}`;
    for (const manifests of [
      real + alias('old', 'web') + alias('older', 'old'),
      real + alias('older', 'old') + alias('old', 'web'),
    ]) {
      expect((await servicesOf(manifests)).map(({ name }) => name)).to.deep.equal(['web', 'old']);
      expect(await reasonsOf(manifests)).to.deep.equal([['default/older', 'no-such-service']]);
    }
  });

  it("leave out a port that a pod in its node's network can't serve", async () => {
    const agent = workload('DaemonSet', 'agent', { labels: '{app: web}', pod: 'hostNetwork: true' });
    const manifests = `${agent}${service('agent', `{${SELECTOR}, ports: [{name: a, port: 80}, {name: b, port: 80, protocol: UDP, targetPort: 8125}]}`)}`;
    const [found] = await servicesOf(manifests);
    expect(found?.ports.map(({ name }) => name)).to.deep.equal(['b']);
    expect(await reasonsOf(manifests)).to.deep.equal([['default/agent', 'privileged', '80/TCP']]);
  });

  it('select one pod of a StatefulSet by the name that Kubernetes gives it', async () => {
    const db = workload('StatefulSet', 'db', { labels: '{app: db}' });
    const spec = '{selector: {statefulset.kubernetes.io/pod-name: db-0}, ports: [{port: 5432}]}';
    const [found] = await servicesOf(`${db}${service('db-0', spec)}${pod('other')}`);
    expect(found?.selector).to.deep.equal({ 'statefulset.kubernetes.io/pod-name': 'db-0' });
  });

  it('are refused for what the API server refuses', async () => {
    const bad = [
      service('Web', '{}'),
      service('web', `{${SELECTOR}, ports: [{port: 0}, {port: 80, targetPort: "8080"}, {targetPort: 80}]}`),
      service('web', '{type: Cluster, selector: {app: 1}}'),
      service('web', '{sessionAffinity: Cookie, sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}}'),
      service('web', '{sessionAffinityConfig: {clientIP: {timeoutSeconds: 86401}}}'),
      service('web', '{sessionAffinityConfig: {clientIP: {timeoutSeconds: 0120}}}'),
      service('web', '{externalIPs: [example.com]}'),
    ].join('');
    const { lines } = await refusal({ 'app.yaml': bad }, 'app.yaml');
    expect(lines.map((line) => line.replace(/^app.yaml:(\d+):\d+/, '$1'))).to.deep.equal([
      '4: invalid name "Web": up to 63 lower-case letters, digits and "-", a letter first, no "-" last',
      '10: invalid port 0: 1 to 65535',
      '10: invalid port name "8080": at most 15 lower-case letters, digits and single "-" inside, with a letter',
      '10: invalid port nothing: 1 to 65535',
      '15: expected ClusterIP or NodePort or LoadBalancer or ExternalName, got the string "Cluster"; the nearest valid word is "ClusterIP"',
      '15: expected a string, got the number 1: quote it',
      '20: expected None or ClientIP, got the string "Cookie"; the nearest valid word is "None"',
      '20: invalid timeoutSeconds 0: 1 to 86400',
      '25: invalid timeoutSeconds 86401: 1 to 86400',
      '30: kubectl reads `0120` as 80 here: write it in plain digits, or quote it',
      '35: invalid address "example.com": expected an IP address',
    ]);
  });
});
