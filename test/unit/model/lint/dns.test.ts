import { describeRows, type Row } from './fixture.ts';
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
