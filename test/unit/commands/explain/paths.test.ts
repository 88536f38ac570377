import { expect } from 'chai';
import { type ExplainFlags, explain } from '../../../../src/commands/explain/explain.ts';
import { failureOf } from '../../failure-of.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const YAML = `namespaces:
  prod:
    pods:
      web: {labels: {app: web}, ports: [{name: http, port: 8080}], readiness: 8080, address: [10.0.0.1, "fd00::1"]}
      other: {labels: {app: web}, ports: [{name: http, port: 8081}], address: [10.0.0.2, "fd00::2"]}
      client: {address: [10.0.0.3, "fd00::3"]}
hosts: {office: {address: 172.17.5.10}, six: {address: "fd00:5::10", ports: [443]}}
nodes: {own: {with: prod/web, ports: [9100]}}
services:
  prod/web: {port: 80, targetPort: http, dns: true, type: NodePort}
  prod/none: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}
`;
const FROM_BLOCK = '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/24}}]}]}';

const INTO_8080 = '{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 8080}]}]}';

const answer = (from: string, to: string, port: string, flags: Partial<ExplainFlags> = {}, spec = FROM_BLOCK) =>
  withFiles(
    {
      'scenario.yaml': YAML,
      'policies/p.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: prod}
spec: ${spec}
`,
    },
    async (folder) => {
      const terminal = fakeTerminal();
      await explain({ path: folder, from, to, port }, { reporter: 'terminal', ...flags }, terminal);
      return terminal.printed();
    },
  );

describe('explain, of a Service', () => {
  it('reports what was asked first, then the backends and their ports, and explains these', async () => {
    const [heading, , route, , connection] = (await answer('prod/client', 'svc:prod/web', '80')).split('\n');
    expect(heading).to.equal('prod/client -> svc:prod/web 80/TCP: allow');
    expect(route).to.equal('policies act on the 2 pods behind the Service: prod/web 8080/TCP, prod/other 8081/TCP');
    expect(connection).to.equal('prod/client -> prod/web 8080/TCP: allow');
  });

  it('reports each kind of backend if they differ, and what would open them all', async () => {
    const text = await answer('prod/client', 'svc:prod/web', '80', {}, INTO_8080);
    expect(text).to.match(/^prod\/client -> svc:prod\/web 80\/TCP: unknown\n/);
    expect(text).to.contain('\n  blocked: prod/other 8081/TCP\n  allowed: prod/web 8080/TCP\n');
    expect(text).to.contain('\nprod/client -> prod/other 8081/TCP: deny\n');
    expect(text).to.contain('\nprod/client -> prod/web 8080/TCP: allow\n');
    expect(text).to.contain('add port 8081/TCP to ingress rule 1 of prod/p');
  });

  it('explains the lookup of a name, whose verdict counts, with its policies and its cure', async () => {
    const tcpOnly =
      '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53}]}, {to: [{podSelector: {}}]}]}';
    const text = await answer('prod/client', 'dns:prod/web', '80', {}, tcpOnly);
    expect(text).to.match(/^prod\/client -> dns:prod\/web 80\/TCP: deny\n/);
    expect(text).to.contain('\nTo look the name up, prod/client -> kube-system/coredns 53/UDP: deny\n');
    expect(text).to.contain('53/TCP is not 53/UDP: the protocol differs');
    expect(text).to.match(
      /add a policy to namespace prod, spec: \{.*\} \(opens more than was asked: from every pod of namespace prod; also opens prod\/web -> /,
    );
    expect(text).to.contain('{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}');
    expect(text).to.match(/add port 53\/UDP to egress rule 1 of prod\/p .*to everywhere/);
    const json = JSON.parse(await answer('prod/client', 'dns:prod/web', '80', { reporter: 'json' }, tcpOnly));
    expect(json).to.containSubset({
      decision: 'deny',
      lookup: {
        decision: 'deny',
        servers: [{ to: 'kube-system/coredns', port: 53, protocol: 'UDP', decision: 'deny' }],
      },
    });
    expect(json.advice.changes).to.not.deep.equal([]);
  });

  it('takes the name of its port', async () => {
    expect(await answer('prod/client', 'svc:prod/none', 'http')).to.contain('prod/client -> prod/web 8080/TCP: allow');
  });

  it('says where a name cannot be looked up, or a node may stand in between', async () => {
    const shut = '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}';
    expect(await answer('prod/client', 'dns:prod/web', '80', {}, shut)).to.contain(
      "\nprod/client can't look the name up: ",
    );
    expect(await answer('host:office', 'nodeport:prod/web', '80')).to.contain('the specification leaves undefined');
    expect(await answer('prod/client', 'svc:prod/web', '80')).to.not.contain('the specification leaves undefined');
  });

  it('gives machines what is explained, and no words beside it', async () => {
    const report = JSON.parse(await answer('prod/client', 'svc:prod/web', '80', { reporter: 'json' }));
    expect(report).to.include({ from: 'prod/client', to: 'prod/web', port: 8080, decision: 'allow', leftOpen: false });
    expect(report.asked).to.deep.equal({ to: 'svc:prod/web', port: 80 });
  });

  it('asks for one of its ports, because it has no others', async () => {
    const failure = await failureOf(answer('prod/client', 'svc:prod/web', '8080'));
    expect(failure.message).to.contain('"8080" is not a port of svc:prod/web');
    expect(failure.hint).to.equal('svc:prod/web has 80/TCP');
  });

  it('starts from none', async () => {
    const failure = await failureOf(answer('svc:prod/web', 'prod/client', '80'));
    expect(failure.message).to.contain('no endpoint "svc:prod/web"');
    expect(failure.hint).to.contain('node:own').and.to.contain('kubelet').and.not.to.contain('svc:');
  });
});

describe('explain, of nodes and the kubelet', () => {
  it('takes them for ends like any other', async () => {
    expect(await answer('node:own', 'prod/web', '8080')).to.match(/^node:own -> prod\/web 8080\/TCP: allow/);
    expect(await answer('prod/web', 'node:own', '9100')).to.match(/^prod\/web -> node:own 9100\/TCP: allow/);
    expect(await answer('kubelet', 'prod/web', '8080', {}, '{podSelector: {}}')).to.match(
      /^kubelet -> prod\/web 8080\/TCP: allow/,
    );
  });
});

describe('explain, of two families', () => {
  it('takes the one that is asked for, else the first that both ends have', async () => {
    expect(await answer('prod/client', 'prod/web', '8080')).to.contain(': allow');
    expect(await answer('prod/client', 'prod/web', '8080', { family: 'IPv6' })).to.contain(': deny');
    expect(await answer('host:six', 'prod/web', '8080')).to.contain('fd00:5::10');
  });

  it('refuses two ends that have none in common', async () => {
    const failure = await failureOf(answer('host:six', 'host:office', '80'));
    expect(failure.message).to.equal('host:six and host:office have no IP family in common');
  });
});
