import { expect } from 'chai';
import { compile, type WorldService } from '../../../../src/model/index.ts';
import { lint } from '../../../../src/model/lint/lint.ts';
import { describeRows, policiesOf, type Row, worldOf } from './fixture.ts';
import { cast, dns, egress, ingress } from './serving-cast.ts';

const toDb = '{to: [{podSelector: {matchLabels: {app: db}}}]}';
const toDbPort = '{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 5432}]}';
const cut = (policy: string, pods: string) =>
  `dns-cut prod/${policy} spec.egress: ${pods} may connect to something, but not to DNS, so names don't resolve there; allow 53/UDP and 53/TCP`;

const rows: readonly Row[] = [
  { it: 'a rule with a port', policies: { 'prod/p': egress(toDbPort) }, warns: [cut('p', 'prod/web')] },
  {
    it: 'a rule without ports, to pods that serve no DNS',
    policies: { 'prod/p': egress(toDb) },
    warns: [cut('p', 'prod/web')],
  },
  {
    it: 'every port of UDP, to such pods',
    policies: { 'prod/p': egress('{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{protocol: UDP}]}') },
    warns: [cut('p', 'prod/web')],
  },
  { it: 'a rule beside it for DNS', policies: { 'prod/p': egress(`${toDbPort}, ${dns}`) }, warns: [] },
  {
    it: 'a policy beside it for DNS',
    policies: { 'prod/p': egress(toDbPort), 'prod/q': `{podSelector: {}, policyTypes: [Egress], egress: [${dns}]}` },
    warns: [],
  },
  {
    it: 'a policy for DNS that isolates other pods',
    policies: { 'prod/p': egress(toDbPort), 'prod/q': egress(dns, 'db') },
    warns: [cut('p', 'prod/web')],
  },
  {
    it: '53/TCP only',
    policies: { 'prod/p': egress(`${toDbPort}, {ports: [{port: 53}]}`) },
    warns: [
      'dns-cut prod/p spec.egress: prod/web may query DNS only over TCP, but lookups use UDP; add 53/UDP (a port without protocol is TCP)',
    ],
  },
  {
    it: '53/TCP only, told of the policy that says so',
    policies: {
      'prod/deny': '{podSelector: {}, policyTypes: [Egress]}',
      'prod/p': egress('{ports: [{port: 53}]}'),
    },
    warns: [
      'dns-cut prod/p spec.egress: prod/web may query DNS only over TCP, but lookups use UDP; add 53/UDP (a port without protocol is TCP)',
    ],
  },
  { it: 'everything', policies: { 'prod/p': egress('{}') }, warns: [] },
  {
    it: 'addresses that may be those of a DNS server',
    policies: { 'prod/p': egress('{to: [{ipBlock: {cidr: 10.244.0.0/16}}]}') },
    warns: [],
  },
  {
    it: 'addresses of a family that the cluster does not have',
    policies: { 'prod/p': egress('{to: [{ipBlock: {cidr: "::/0"}}]}') },
    warns: [cut('p', 'prod/web')],
  },
  {
    it: 'a range of ports with 53',
    policies: { 'prod/p': egress('{ports: [{port: 1, endPort: 1024, protocol: UDP}]}') },
    warns: [],
  },
  {
    it: 'kube-system',
    policies: {
      'prod/p': egress('{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]}'),
    },
    warns: [],
  },
  {
    it: 'a DNS server of the topology',
    pods: { 'prod/dns': { labels: { app: 'dns' }, ports: [{ number: 53, protocol: 'UDP' }] } },
    policies: { 'prod/p': egress('{to: [{podSelector: {matchLabels: {app: dns}}}]}') },
    warns: [],
  },
  {
    it: 'a DNS server of the topology, beside its other ports',
    pods: {
      'prod/dns': {
        labels: { app: 'dns' },
        ports: [
          { number: 9153, protocol: 'TCP' },
          { number: 53, protocol: 'UDP' },
        ],
      },
    },
    policies: { 'prod/p': egress('{to: [{podSelector: {matchLabels: {app: dns}}}]}') },
    warns: [],
  },
  ...[
    ['up to a number', 'port: 1, endPort: 1024'],
    ['from a number', 'port: 2, endPort: 65535'],
  ].map(([what, ports = '']) => ({
    it: `a range of ports ${what} is meant for DNS, whoever its peers are`,
    policies: {
      'prod/p': egress(`{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{${ports}, protocol: UDP}]}`),
    },
    warns: [],
  })),
  {
    it: 'the name that one of the servers gives to port 53 is meant for DNS',
    pods: { 'prod/dns': { labels: { app: 'dns' }, ports: [{ number: 53, protocol: 'UDP' }] } },
    policies: {
      'prod/p': egress('{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: dns, protocol: UDP}]}'),
    },
    warns: [
      'named-port prod/p spec.egress.0.ports.0: no pod that the rule lets out to has a port named dns; write its number, or name it in the pod',
    ],
  },
  // OpenShift's DNS pods listen on 5353, and policies act behind their Service.
  ...[
    ['whoever its peers are', '{ports: [{port: 5353, protocol: UDP}]}'],
    ['to every namespace', '{to: [{namespaceSelector: {}}], ports: [{port: 5353, protocol: UDP}]}'],
    ['together with 53', '{ports: [{port: 5353, protocol: UDP}, {port: 53}]}'],
  ].map(([what, rule = '']) => ({
    it: `port 5353 is that of DNS on OpenShift, ${what}`,
    policies: { 'prod/p': egress(`${toDbPort}, ${rule}`) },
    warns: [],
  })),
  {
    it: '5353/TCP only',
    policies: { 'prod/p': egress(`${toDbPort}, {ports: [{port: 5353}]}`) },
    warns: [
      'dns-cut prod/p spec.egress: prod/web may query DNS only over TCP, but lookups use UDP; add 5353/UDP (a port without protocol is TCP)',
    ],
  },
  {
    it: 'a range that contains 5353 is meant for something else',
    policies: { 'prod/p': egress('{ports: [{port: 1024, endPort: 65535, protocol: UDP}]}') },
    warns: [cut('p', 'prod/web')],
  },
  {
    it: 'a port that is nearly 5353',
    policies: { 'prod/p': egress(`${toDbPort}, {ports: [{port: 5354, protocol: UDP}]}`) },
    warns: [cut('p', 'prod/web')],
  },
  {
    it: 'a warning for each, where pods are cut off by policies of their own',
    policies: { 'prod/p': egress(toDbPort), 'prod/q': egress(toDbPort, 'log') },
    warns: [cut('p', 'prod/web'), cut('q', 'prod/log')],
  },
  {
    it: 'nothing may go out',
    policies: { 'prod/p': '{podSelector: {}, policyTypes: [Ingress, Egress]}' },
    warns: [],
  },
  { it: 'ingress only', policies: { 'prod/p': ingress('{}') }, warns: [] },
  {
    it: 'one warning, at the default deny, of the pods that others let out',
    policies: {
      'prod/a': egress(toDbPort),
      'prod/deny': '{podSelector: {}, policyTypes: [Egress]}',
      'prod/b': egress(toDbPort, 'log'),
    },
    warns: [cut('deny', 'prod/web and prod/log')],
  },
  {
    it: 'a pod on the network of its node',
    pods: { 'prod/web': { labels: { app: 'web' }, hostNetwork: true } },
    policies: { 'prod/p': egress(toDbPort) },
    warns: [],
  },
];

describeRows('dns-cut', cast, rows);

describe('lint: dns-cut, if the DNS Service is known', () => {
  const service = (port: number): WorldService => ({
    ...{ namespace: 'prod', name: 'dns', selector: { app: 'resolver' } },
    ports: [{ number: port, protocol: 'UDP', target: 1053 }],
  });
  const rulesOf = (port: number, rule: string) => {
    const pods = { ...cast.pods, 'prod/dns': { labels: { app: 'resolver' } } };
    const world = { ...worldOf({ pods }), services: [service(port)] };
    return lint(compile(world, policiesOf({ 'prod/p': egress(rule) }))).map((one) => one.rule);
  };
  const toResolver = (port: string) => `{to: [{podSelector: {matchLabels: {app: resolver}}}], ports: [${port}]}`;

  it('the port of its pods is that of DNS', () => {
    expect(rulesOf(53, toResolver('{port: 1053, protocol: UDP}'))).to.deep.equal([]);
    expect(rulesOf(53, '{to: [{podSelector: {matchLabels: {app: resolver}}}]}')).to.deep.equal([]);
  });

  it('the port of the pods of another Service is not', () => {
    expect(rulesOf(54, toResolver('{port: 1053, protocol: UDP}'))).to.deep.equal(['dns-cut']);
    expect(rulesOf(53, toResolver('{port: 1054, protocol: UDP}'))).to.deep.equal(['dns-cut']);
  });
});
