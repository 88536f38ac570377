import { type Cast, describeRows, type Row } from './fixture.ts';
import { dns } from './serving-cast.ts';

const cast: Cast = {
  namespaces: { prod: {}, dev: { env: 'dev' } },
  pods: {
    'prod/web': { labels: { app: 'web' }, ports: [{ number: 8080, protocol: 'TCP', name: 'http' }] },
    'prod/db': { labels: { app: 'db' }, ports: [{ number: 5432, protocol: 'TCP' }] },
    'dev/client': { labels: { app: 'client' } },
  },
};
const ingress = (rules: string) => ({ 'prod/p': `{podSelector: {matchLabels: {app: db}}, ingress: [${rules}]}` });
const egress = (rules: string) => ({
  'prod/p': `{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [${rules}]}`,
});
const web = '{podSelector: {matchLabels: {app: web}}}';
const dev = '{namespaceSelector: {matchLabels: {env: dev}}}';
const block = (cidr: string, except = '') => `{ipBlock: {cidr: "${cidr}"${except && `, except: [${except}]`}}}`;

const undone = (path: string, what: string, why: string, on = 'ingress') =>
  `rule-undone prod/p spec.${on}.${path}: ${what}: ${why}; rules add up, so delete or narrow one of the two`;
const empty = (path: string, text: string) =>
  `empty-means-all prod/p spec.${path}: \`${path.split('.').at(-1)}\` is empty, which restricts nothing: it ${text}`;
const EVERYBODY_IN = 'lets everybody in, from inside the cluster and outside; delete the rule to let nobody in';
const nothing = (path: string, cidr: string) =>
  `ipblock-matches-nothing prod/p spec.${path}.ipBlock.cidr: ipBlock ${cidr} matches nothing: it lies in the range of Services, and policies act on the pods behind a Service; select those by their labels`;

const tables: Readonly<Record<string, readonly Row[]>> = {
  'rule-undone': [
    {
      it: 'a rule for everybody on one of the ports',
      policies: ingress(`{from: [${web}, ${dev}], ports: [{port: 5432}, {port: 9187}]}, {ports: [{port: 5432}]}`),
      warns: [
        undone('0.ports.0', 'port 5432/TCP of ingress rule 1 limits nobody', 'rule 2 lets everybody in on 5432/TCP'),
      ],
    },
    {
      it: 'a rule for everybody on all of the ports',
      policies: ingress(`{from: [${web}], ports: [{port: 5432}]}, {ports: [{port: 5000, endPort: 6000}]}`),
      warns: [undone('0', 'ingress rule 1 limits nobody', 'rule 2 lets everybody in on 5000-6000/TCP')],
    },
    {
      it: 'a rule for everything, whatever its place',
      policies: ingress(`{}, {from: [${dev}]}`),
      warns: [undone('1', 'ingress rule 2 limits nobody', 'rule 1 lets everybody in')],
    },
    {
      it: 'egress',
      policies: egress(`{to: [${block('11.0.0.0/8')}], ports: [{port: 443}]}, {ports: [{port: 443}]}, ${dns}`),
      warns: [undone('0', 'egress rule 1 limits nobody', 'rule 2 lets them out to everybody on 443/TCP', 'egress')],
    },
    {
      it: 'of two that are equal the later one',
      policies: ingress(`{from: [${web}]}, {from: [${web}]}`),
      warns: [undone('1', 'ingress rule 2 has no effect', 'rule 1 lets the same and perhaps more in')],
    },
    {
      it: 'of two that are equal the later one, in egress',
      policies: egress(`{to: [${web}]}, {to: [${web}]}, ${dns}`),
      warns: [
        undone('1', 'egress rule 2 has no effect', 'rule 1 lets them out to the same and perhaps more', 'egress'),
      ],
    },
    {
      it: 'a peer of the same rule that means more',
      policies: ingress(`{from: [{podSelector: {}}, ${web}, ${dev}]}`),
      warns: [
        undone(
          '0.from.1',
          'this peer of ingress rule 1 has no effect',
          'the same rule lets the same and perhaps more in',
        ),
      ],
    },
    {
      it: 'a peer of another rule that means more, on all ports',
      policies: ingress(`{from: [${web}, ${dev}], ports: [{port: 5432}]}, {from: [{namespaceSelector: {}}]}`),
      warns: [undone('0', 'ingress rule 1 has no effect', 'rule 2 lets the same and perhaps more in')],
    },
    {
      it: 'a port of the same rule that means more',
      policies: ingress(`{from: [${dev}], ports: [{port: 5432}, {protocol: TCP}, {port: 53, protocol: UDP}]}`),
      warns: [
        undone(
          '0.ports.0',
          'port 5432/TCP of ingress rule 1 has no effect',
          'the same rule lets the same and perhaps more in on all TCP',
        ),
      ],
    },
    {
      it: 'a block inside another one',
      policies: ingress(`{from: [${block('11.1.0.0/16')}, ${block('11.0.0.0/8', '11.2.0.0/16')}]}`),
      warns: [
        undone(
          '0.from.0',
          'this peer of ingress rule 1 has no effect',
          'the same rule lets the same and perhaps more in',
        ),
      ],
    },
    ...[
      ['other ports', `{from: [${web}], ports: [{port: 5432}]}, {ports: [{port: 9187}]}`],
      ['another protocol', `{from: [${web}], ports: [{port: 5432}]}, {ports: [{port: 5432, protocol: UDP}]}`],
      ['one port of a range', `{from: [${web}], ports: [{port: 5000, endPort: 6000}]}, {ports: [{port: 5432}]}`],
      ['one port where the rule has all', `{from: [${web}]}, {ports: [{port: 5432}]}`],
      ['other peers', `{from: [${web}], ports: [{port: 1}]}, {from: [${dev}], ports: [{port: 1}]}`],
      [
        'a block that an exception leaves out',
        `{from: [${block('11.0.0.0/8', '11.1.0.0/16')}, ${block('11.1.0.0/17')}]}`,
      ],
    ].map(([what, rules = '']) => ({ it: `${what}: nothing is undone`, policies: ingress(rules), warns: [] })),
    {
      it: 'one warning where the whole policy adds nothing',
      policies: { ...ingress(`{from: [${web}]}, {from: [${web}]}`), 'prod/all': '{podSelector: {}, ingress: [{}]}' },
      warns: [
        'adds-nothing prod/p metadata.name: p adds nothing: all already isolates its pods and lets through all that it does; delete it, or narrow the other',
      ],
    },
  ],
  'empty-means-all': [
    {
      it: 'no peers',
      policies: ingress('{from: [], ports: [{port: 5432}]}'),
      warns: [empty('ingress.0.from', EVERYBODY_IN)],
    },
    {
      it: 'a key alone',
      policies: ingress('{from: , ports: [{port: 5432}]}'),
      warns: [empty('ingress.0.from', EVERYBODY_IN)],
    },
    {
      it: 'egress',
      policies: egress('{to: [], ports: [{port: 53, protocol: UDP}]}'),
      warns: [
        empty(
          'egress.0.to',
          'lets everything out, to inside the cluster and outside; delete the rule to let nothing out',
        ),
      ],
    },
    {
      it: 'no ports',
      policies: ingress(`{from: [${web}], ports: []}`),
      warns: [empty('ingress.0.ports', 'means every port; delete it if that is meant')],
    },
    { it: 'a rule for everything, as the documentation writes it', policies: ingress('{}'), warns: [] },
    { it: 'no rules, which let nobody in', policies: ingress(''), warns: [] },
    { it: 'no exceptions', policies: ingress(`{from: [{ipBlock: {cidr: 11.0.0.0/8, except: []}}]}`), warns: [] },
    {
      it: 'in a rule that another one makes pointless',
      policies: ingress('{}, {from: []}'),
      warns: [
        undone('1', 'ingress rule 2 has no effect', 'rule 1 lets everybody in'),
        empty('ingress.1.from', EVERYBODY_IN),
      ],
    },
    {
      it: 'only one, where it undoes another rule as well',
      policies: ingress(`{from: [${web}]}, {from: []}`),
      warns: [
        undone('0', 'ingress rule 1 limits nobody', 'rule 2 lets everybody in'),
        empty('ingress.1.from', EVERYBODY_IN),
      ],
    },
  ],
  'ipblock-matches-nothing': [
    {
      it: "kubeadm's range, and a part of it",
      policies: egress(`{to: [${block('10.96.0.0/12')}, ${block('10.111.255.0/24')}], ports: [{port: 443}]}, ${dns}`),
      warns: [nothing('egress.0.to.0', '10.96.0.0/12'), nothing('egress.0.to.1', '10.111.255.0/24')],
    },
    {
      it: "kind's of IPv6",
      policies: ingress(`{from: [${block('fd00:10:96::a/128')}]}`),
      warns: [nothing('ingress.0.from.0', 'fd00:10:96::a/128')],
    },
    {
      it: 'all but the range',
      policies: ingress(`{from: [${block('10.96.0.0/11', '10.112.0.0/12')}]}`),
      warns: [nothing('ingress.0.from.0', '10.96.0.0/11')],
    },
    {
      it: 'exceptions that leave nothing',
      policies: ingress(`{from: [${block('11.0.0.0/8', '11.0.0.0/9, 11.128.0.0/9')}]}`),
      warns: [
        'ipblock-matches-nothing prod/p spec.ingress.0.from.0.ipBlock.cidr: ipBlock 11.0.0.0/8 matches nothing: its exceptions leave no address',
      ],
    },
    { it: 'a range that holds more', policies: ingress(`{from: [${block('10.0.0.0/8')}]}`), warns: [] },
    {
      it: 'a range in which a pod has its address',
      pods: { 'dev/client': { labels: { app: 'client' }, addresses: ['10.97.1.2'] } },
      policies: ingress(`{from: [${block('10.98.0.0/16')}]}`),
      warns: [],
    },
  ],
  'cidr-host-bits': [
    {
      it: 'bits behind the prefix, also of exceptions',
      policies: ingress(`{from: [${block('11.1.2.3/8', '11.1.2.3/16')}, ${block('fd12::1/64')}]}`),
      warns: [
        'cidr-host-bits prod/p spec.ingress.0.from.0.ipBlock.cidr: 11.1.2.3/8 has bits set after its prefix: it means 11.0.0.0/8, from 11.0.0.0 to 11.255.255.255; write that, or 11.1.2.3/32 for the one address',
        'cidr-host-bits prod/p spec.ingress.0.from.0.ipBlock.except.0: 11.1.2.3/16 has bits set after its prefix: it means 11.1.0.0/16, from 11.1.0.0 to 11.1.255.255; write that, or 11.1.2.3/32 for the one address',
        'cidr-host-bits prod/p spec.ingress.0.from.1.ipBlock.cidr: fd12::1/64 has bits set after its prefix: it means fd12::/64, from fd12:: to fd12::ffff:ffff:ffff:ffff; write that, or fd12::1/128 for the one address',
      ],
    },
    {
      it: 'none behind it, however it is written',
      policies: ingress(`{from: [${block('11.0.0.0/8')}, ${block('fd12:0:0::/64')}, ${block('11.1.2.3/32')}]}`),
      warns: [
        undone(
          '0.from.2',
          'this peer of ingress rule 1 has no effect',
          'the same rule lets the same and perhaps more in',
        ),
      ],
    },
  ],
};

for (const [rule, rows] of Object.entries(tables)) describeRows(rule, cast, rows);
