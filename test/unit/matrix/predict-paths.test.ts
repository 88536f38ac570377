import { expect } from 'chai';
import { predict, type Situation, worldOf } from '../../../src/matrix/index.ts';
import { probeKey, probesIn } from '../../../src/scenario/index.ts';
import { load } from '../scenario/temporary-folder.ts';

const YAML = `namespaces:
  prod:
    pods:
      web: {labels: {app: web}, ports: [8080], address: [10.0.0.1, "fd00::1"]}
      client: {address: [10.0.0.2, "fd00::2"]}
      agent: {hostNetwork: true}
hosts:
  office: {address: 172.17.5.10}
  home: {address: ["172.17.5.11", "fd00:5::11"]}
nodes: {own: {with: prod/web, ports: [9100]}, other: {without: prod/web}}
services: {prod/web: {port: 80, targetPort: 8080, type: NodePort}}
`;
const INTO_WEB = (ingress: string) => `{podSelector: {matchLabels: {app: web}}, ingress: ${ingress}}`;
const FROM_BLOCK = INTO_WEB('[{from: [{ipBlock: {cidr: 10.0.0.0/24}}]}]');

const situationOf = async (spec: string, more: Partial<Situation> = {}, yaml = YAML): Promise<Situation> => {
  const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: prod}
spec: ${spec}
`;
  const [scenario] = await load({ 'scenario.yaml': yaml, 'policies/p.yaml': policy });
  if (!scenario) return expect.fail('no scenario');
  return { topology: scenario.steps[0].topology, policies: scenario.steps[0]?.policies ?? [], ...more };
};

/** What is predicted, by cell: a decision, with `open` behind it where the specification leaves it open. */
const predicted = (situation: Situation): ReadonlyMap<string, string> =>
  new Map(predict(situation).map((one) => [probeKey(one), `${one.decision}${one.leftOpen ? ' open' : ''}`]));

describe('predict, of Services', () => {
  const yaml = YAML.replace(
    '      client:',
    '      old: {labels: {app: web, version: "1"}, ports: [8080], address: 10.0.0.3}\n      client:',
  ).replace(', type: NodePort', '');

  it('says where it cannot tell because the backends differ, and only there', async () => {
    const closed = '{podSelector: {matchLabels: {version: "1"}}}';
    const toService = (situation: Situation) =>
      predict(situation).find((one) => probeKey(one) === 'prod/client > svc:prod/web 80/TCP');
    const differing = toService(await situationOf(closed, {}, yaml));
    expect(differing).to.deep.include({ decision: 'unknown', leftOpen: false, backendsDiffer: true });
    const block = INTO_WEB('[{from: [{ipBlock: {cidr: 10.0.0.0/24}}]}]');
    const unpinned = yaml.replace('client: {address: [10.0.0.2, "fd00::2"]}', 'client: {}');
    const byAddress = toService(await situationOf(block, {}, unpinned));
    expect([byAddress?.decision, byAddress?.backendsDiffer]).to.deep.equal(['unknown', undefined]);
  });

  it('says of differing backends that a client is kept at one of them, and only then', async () => {
    const sticky = yaml.replace('{port: 80,', '{port: 80, sessionAffinity: ClientIP,');
    const toService = (situation: Situation) =>
      predict(situation).find((one) => probeKey(one) === 'prod/client > svc:prod/web 80/TCP');
    const differing = toService(await situationOf('{podSelector: {matchLabels: {version: "1"}}}', {}, sticky));
    expect(differing).to.deep.include({ decision: 'unknown', leftOpen: false, backendsDiffer: true, sticky: true });
    const alike = toService(await situationOf('{podSelector: {matchLabels: {app: web}}}', {}, sticky));
    expect(alike).to.include({ decision: 'deny' }).and.not.to.have.any.keys('sticky', 'backendsDiffer');
    const spread = toService(await situationOf('{podSelector: {matchLabels: {version: "1"}}}', {}, yaml));
    expect(spread).to.not.have.property('sticky');
  });

  it('says nothing of backends if the name cannot be looked up, so that none is reached', async () => {
    const named = `namespaces:
  prod:
    pods:
      web: {labels: {app: web}, ports: [{name: http, port: 8080}]}
      old: {labels: {app: web}, ports: [{name: http, port: 9090}]}
      client: {}
services: {prod/web: {port: 80, targetPort: http, dns: true}}
`;
    const apart = '{podSelector: {}, ingress: [{ports: [{port: 8080}]}], egress: [{to: [{podSelector: {}}]}]}';
    const cells = predict(await situationOf(apart, {}, named)).filter(({ from }) => from === 'prod/client');
    const told = new Map(cells.map(({ to, decision, backendsDiffer }) => [to, [decision, backendsDiffer]]));
    expect(told.get('svc:prod/web')).to.deep.equal(['unknown', true]);
    expect(told.get('dns:prod/web')).to.deep.equal(['deny', undefined]);
  });
});

describe('predict, over two families', () => {
  it('decides every probe of the matrix once for each family, in its order', async () => {
    const situation = await situationOf(FROM_BLOCK, { families: ['IPv4', 'IPv6'] });
    expect(predict(situation).map(probeKey)).to.deep.equal(
      probesIn(situation.topology, ['IPv4', 'IPv6']).map(probeKey),
    );
  });

  it('decides each by the addresses of that family', async () => {
    const cells = predicted(await situationOf(FROM_BLOCK, { families: ['IPv4', 'IPv6'] }));
    expect(cells.get('prod/client > prod/web 8080/TCP IPv4')).to.equal('allow');
    expect(cells.get('prod/client > prod/web 8080/TCP IPv6')).to.equal('deny');
    expect(cells.get('host:home > prod/web 8080/TCP IPv6')).to.equal('deny');
    expect(cells.has('host:office > prod/web 8080/TCP IPv6')).to.equal(false);
  });

  it('names no family in a cluster that has one, and takes its addresses', async () => {
    const block = INTO_WEB('[{from: [{ipBlock: {cidr: "fd00::2/128"}}]}]');
    const yaml = YAML.replace('  office: {address: 172.17.5.10}\n', '');
    const six = predicted(await situationOf(block, { families: ['IPv6'] }, yaml));
    expect(six.get('prod/client > prod/web 8080/TCP')).to.equal('allow');
    expect(six.get('host:home > prod/web 8080/TCP')).to.equal('deny');
  });

  it('says nothing if the ends have no family in common', async () => {
    expect(predict(await situationOf(FROM_BLOCK, { families: [] }))).to.deep.equal([]);
  });
});

describe('predict, of what stands on nodes', () => {
  it('knows by the scenario that a pod runs on a node, or not', async () => {
    const cells = predicted(await situationOf(INTO_WEB('[]')));
    expect(cells.get('node:own > prod/web 8080/TCP')).to.equal('allow');
    expect(cells.get('node:other > prod/web 8080/TCP')).to.equal('deny');
  });

  it('knows by the run which other pods do', async () => {
    const out = '{podSelector: {}, policyTypes: [Egress]}';
    const untold = predicted(await situationOf(out));
    expect(untold.get('prod/client > node:own 9100/TCP')).to.equal('unknown open');
    const residents = (...pods: readonly string[]) => new Map([['node:own', new Set(['prod/web', ...pods])]]);
    const there = predicted(await situationOf(out, { residents: residents('prod/client') }));
    expect(there.get('prod/client > node:own 9100/TCP')).to.equal('allow');
    const elsewhere = predicted(await situationOf(out, { residents: residents() }));
    expect(elsewhere.get('prod/client > node:own 9100/TCP')).to.equal('deny');
  });

  it('knows by the run which addresses a node has', async () => {
    const out = '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 172.18.0.2/32}}]}]}';
    const at = async (address: string) => {
      const residents = new Map([['node:own', new Set<string>()]]);
      const addresses = new Map([['node:own', [address, 'fd00:18::2']]]);
      return predicted(await situationOf(out, { residents, addresses })).get('prod/client > node:own 9100/TCP');
    };
    expect([await at('172.18.0.2'), await at('172.18.0.3')]).to.deep.equal(['allow', 'deny']);
  });

  it('leaves undefined what a hostNetwork pod may do, only if policies would deny it', async () => {
    const closed = predicted(await situationOf(INTO_WEB('[]')));
    expect(closed.get('prod/agent > prod/web 8080/TCP')).to.equal('unknown open');
    const open = predicted(await situationOf(INTO_WEB('[{}]')));
    expect(open.get('prod/agent > prod/web 8080/TCP')).to.equal('allow');
  });
});

describe('predict, of Services', () => {
  it('decides by the backend, and leaves undefined what depends on a node in between', async () => {
    const cells = predicted(await situationOf(FROM_BLOCK));
    expect(cells.get('prod/client > svc:prod/web 80/TCP')).to.equal('allow');
    expect(cells.get('prod/client > nodeport:prod/web 80/TCP')).to.equal('unknown open');
    expect(cells.get('host:office > nodeport:prod/web 80/TCP')).to.equal('unknown open');
    expect(predicted(await situationOf(INTO_WEB('[]'))).get('prod/client > svc:prod/web 80/TCP')).to.equal('deny');
  });

  it('is unknown, and not undefined, if an address is not known', async () => {
    const situation = await situationOf(FROM_BLOCK);
    const namespaces = situation.topology.namespaces.map((one) => ({
      ...one,
      pods: one.pods.map(({ addresses: _, ...pod }) => pod),
    }));
    const cells = predicted({ ...situation, topology: { ...situation.topology, namespaces } });
    expect(cells.get('prod/client > svc:prod/web 80/TCP')).to.equal('unknown');
  });
});

describe('worldOf', () => {
  it('has of each host, pod and node what is of the family', async () => {
    const addresses = new Map([['node:own', ['172.18.0.2', 'fc00::2']]]);
    const { topology } = await situationOf('{podSelector: {}}');
    const six = worldOf({ topology, addresses }, 'IPv6');
    expect(six.families).to.deep.equal(['IPv6']);
    expect(six.hosts).to.deep.equal([{ name: 'home', addresses: ['fd00:5::11'] }]);
    expect(six.pods.map((pod) => pod.addresses)).to.deep.equal([['fd00::1'], ['fd00::2'], []]);
    expect(six.nodes).to.deep.equal([
      { name: 'own', pods: ['prod/web'], elsewhere: [], addresses: ['fc00::2'] },
      { name: 'other', pods: [], elsewhere: ['prod/web'] },
    ]);
    expect(worldOf({ topology }).hosts?.map(({ name }) => name)).to.deep.equal(['office', 'home']);
  });

  it('is of the first family, unless another is asked for', async () => {
    const { topology } = await situationOf('{podSelector: {}}');
    for (const family of ['IPv4', 'IPv6'] as const)
      expect(worldOf({ topology, families: [family] })).to.deep.equal(
        worldOf({ topology, families: [family] }, family),
      );
    for (const world of [worldOf({ topology }), worldOf({ topology, families: [] })])
      expect(world.families).to.deep.equal(['IPv4']);
  });

  it('says of each pod whether it shares the network of its node', async () => {
    const { topology } = await situationOf('{podSelector: {}}');
    expect(worldOf({ topology }).pods.map(({ hostNetwork }) => hostNetwork)).to.deep.equal([
      undefined,
      undefined,
      true,
    ]);
  });

  it('says of Services what leads to their backends, and no address', async () => {
    const { topology } = await situationOf('{podSelector: {}}');
    expect(worldOf({ topology }).services).to.deep.equal([
      {
        ...{ namespace: 'prod', name: 'web', selector: { app: 'web' }, headless: false },
        ports: [{ number: 80, protocol: 'TCP', target: 8080 }],
        externalTrafficPolicy: 'Cluster',
      },
    ]);
    const inside = await situationOf('{podSelector: {}}', {}, YAML.replace(', type: NodePort', ''));
    expect(worldOf(inside).services?.[0]).not.to.have.property('externalTrafficPolicy');
  });

  it('says of every pod if it does not run, once that is known', async () => {
    const { topology } = await situationOf('{podSelector: {}}');
    const residents = new Map([['node:own', new Set(['prod/web', 'prod/agent'])]]);
    expect(worldOf({ topology, residents }).nodes?.[0]).to.deep.equal({
      name: 'own',
      pods: ['prod/web', 'prod/agent'],
      elsewhere: ['prod/client'],
    });
  });
});
