import { type Cast, describeRows, type Row } from './fixture.ts';

const cast: Cast = {
  pods: {
    'prod/web': { labels: { app: 'web' }, ports: [{ number: 80, protocol: 'TCP', name: 'http' }] },
    'prod/db': { labels: { app: 'db' } },
    'dev/web': { labels: { app: 'web' } },
  },
};
const spec = (ingress: string, pods = '{matchLabels: {app: web}}') => `{podSelector: ${pods}, ingress: ${ingress}}`;
const from = (labels: string, ports = '') => `{from: [{podSelector: {matchLabels: ${labels}}}]${ports}}`;
const one = (names: string) => ` adds nothing: ${names} already isolates its pods and lets through all that it does; `;
const told = (name: string, names: string) =>
  `adds-nothing prod/${name} metadata.name: ${name}${one(names)}delete it, or narrow the other`;

const rows: readonly Row[] = [
  {
    it: 'an equal policy: the later one',
    policies: { 'prod/a': spec('[{}]'), 'prod/b': spec('[{}]') },
    warns: [told('b', 'a')],
  },
  { it: 'in another namespace', policies: { 'prod/a': spec('[{}]'), 'dev/b': spec('[{}]') }, warns: [] },
  {
    it: 'the narrower one, though it comes first',
    policies: { 'prod/a': spec(`[${from('{app: db}')}]`), 'prod/all': spec('[{}]', '{}') },
    warns: [told('a', 'all')],
  },
  { it: 'for more pods', policies: { 'prod/a': spec('[{}]', '{}'), 'prod/b': spec('[{}]') }, warns: [told('b', 'a')] },
  {
    it: 'for fewer pods',
    policies: { 'prod/a': spec('[{}]'), 'prod/b': spec(`[${from('{app: db}')}]`, '{}') },
    warns: [],
  },
  {
    it: 'for more pods by an expression',
    policies: {
      'prod/a': spec('[{}]', '{matchExpressions: [{key: app, operator: In, values: [web, api]}]}'),
      'prod/b': spec('[{}]'),
    },
    warns: [told('b', 'a')],
  },
  {
    it: 'only the pods that there are now are the same',
    policies: {
      'prod/a': spec('[{}]', '{matchExpressions: [{key: app, operator: NotIn, values: [db]}]}'),
      'prod/b': spec('[{}]', '{matchExpressions: [{key: app, operator: Exists}]}'),
    },
    warns: [],
  },
  {
    it: 'a port more',
    policies: { 'prod/a': spec('[{ports: [{port: 80}]}]'), 'prod/b': spec('[{ports: [{port: 80}, {port: 81}]}]') },
    warns: [told('a', 'b')],
  },
  {
    it: 'a range of ports',
    policies: { 'prod/a': spec('[{ports: [{port: 80}]}]'), 'prod/b': spec('[{ports: [{port: 79, endPort: 80}]}]') },
    warns: [told('a', 'b')],
  },
  {
    it: 'another protocol',
    policies: { 'prod/a': spec('[{ports: [{port: 80}]}]'), 'prod/b': spec('[{ports: [{port: 80, protocol: UDP}]}]') },
    warns: [],
  },
  {
    it: 'a name and its number of now',
    policies: { 'prod/a': spec('[{ports: [{port: 80}]}]'), 'prod/b': spec('[{ports: [{port: http}]}]') },
    warns: [],
  },
  {
    it: 'a name and every number',
    policies: { 'prod/a': spec('[{ports: [{protocol: TCP}]}]'), 'prod/b': spec('[{ports: [{port: http}]}]') },
    warns: [told('b', 'a')],
  },
  {
    it: 'its own namespace by name',
    policies: {
      'prod/a': spec('[{from: [{podSelector: {}}]}]'),
      'prod/b': spec('[{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: prod}}}]}]'),
    },
    warns: [told('b', 'a')],
  },
  {
    it: 'one rule by two policies',
    policies: {
      'prod/a': spec('[{from: [{podSelector: {matchLabels: {app: db}}}]}]'),
      'prod/b': spec('[{from: [{podSelector: {matchLabels: {app: web}}}]}]', '{}'),
      'prod/c': spec('[{from: [{podSelector: {matchLabels: {app: db}}}, {podSelector: {matchLabels: {app: web}}}]}]'),
      'prod/other': spec('[]', '{}'),
    },
    // Beside c, a would be superfluous too; but they can't both go.
    warns: [
      'adds-nothing prod/c metadata.name: c adds nothing: a and b already isolate its pods and let through all that it does; delete it, or narrow the others',
    ],
  },
  {
    it: 'a range within a range, with more exceptions',
    policies: {
      'prod/a': spec('[{from: [{ipBlock: {cidr: 11.0.0.0/8, except: [11.1.0.0/16]}}]}]'),
      'prod/b': spec('[{from: [{ipBlock: {cidr: 11.0.0.0/9, except: [11.1.0.0/16, 11.2.0.0/16]}}]}]'),
      'prod/c': spec('[{from: [{ipBlock: {cidr: 11.0.0.0/9}}]}]'),
    },
    warns: [
      'except-undone prod/a spec.ingress.0.from.0.ipBlock.except.0: except 11.1.0.0/16 has no effect: policy c lets all of it through again, for the same ports; delete one of the two',
      told('b', 'a'),
    ],
  },
  {
    it: 'ingress is the same, and only one isolates for egress',
    policies: {
      'prod/a': spec('[{}]'),
      'prod/b': '{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress], ingress: [{}]}',
    },
    warns: [told('a', 'b')],
  },
  {
    it: 'a bare deny under an allow',
    policies: { 'prod/deny': spec('[]', '{}'), 'prod/a': spec('[{}]', '{}') },
    warns: [],
  },
  {
    it: 'a bare deny under a wider one',
    policies: { 'prod/deny': spec('[]', '{}'), 'prod/a': spec('[]') },
    warns: [told('a', 'deny')],
  },
  { it: 'an allow over a bare deny', policies: { 'prod/deny': spec('[]', '{}'), 'prod/a': spec('[{}]') }, warns: [] },
];

describeRows('adds-nothing', cast, rows);
