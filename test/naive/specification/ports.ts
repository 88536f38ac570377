import { policyIn, type RawPolicy, type RawPort } from '../manifest.ts';
import type { Row } from './row.ts';

const ingress = (...ports: RawPort[]): readonly RawPolicy[] => [
  policyIn('prod', { podSelector: {}, ingress: [{ ports }] }),
];
const egress = (...ports: RawPort[]): readonly RawPolicy[] => [
  policyIn('dev', { podSelector: {}, policyTypes: ['Egress'], egress: [{ ports }] }),
];
const cells = (pair: string, ...ends: string[]): readonly string[] => ends.map((end) => `${pair} ${end}`);

/** Which ports a rule means. */
export const PORTS: readonly Row[] = [
  {
    says: '"If this field is empty or missing, this rule matches all ports (traffic not restricted by port)."',
    shows: 'ports: [], every protocol',
    policies: ingress(),
    cells: cells('dev/client > prod/web', '1/TCP: allow', '65535/UDP: allow', '7/SCTP: allow'),
  },
  {
    says: '"If this field is empty or missing, this rule matches all ports (traffic not restricted by port)."',
    shows: 'ports: null',
    policies: [policyIn('prod', { podSelector: {}, ingress: [{ ports: null }] })],
    cells: cells('dev/client > prod/web', '1/TCP: allow', '65535/UDP: allow', '7/SCTP: allow'),
  },
  {
    says: '"If not specified, this field defaults to TCP."',
    policies: ingress({ port: 80 }),
    cells: cells(
      'dev/client > prod/web',
      '80/TCP: allow',
      '80/UDP: deny',
      '80/SCTP: deny',
      '79/TCP: deny',
      '81/TCP: deny',
    ),
  },
  {
    says: '"If this field is not provided, this matches all port names and numbers."',
    shows: 'of one protocol',
    policies: ingress({ protocol: 'UDP' }),
    cells: cells('dev/client > prod/web', '1/UDP: allow', '65535/UDP: allow', '80/TCP: deny', '80/SCTP: deny'),
  },
  {
    says: '"If this field is not provided, this matches all port names and numbers."',
    shows: '{} is all of TCP',
    policies: ingress({}),
    cells: cells('dev/client > prod/web', '1/TCP: allow', '65535/TCP: allow', '80/UDP: deny'),
  },
  {
    says: 'A policy for UDP only isolates the pod for TCP too: isolation knows no protocol.',
    policies: ingress({ protocol: 'UDP', port: 53 }),
    cells: cells('dev/client > prod/web', '53/UDP: allow', '53/TCP: deny', '80/TCP: deny'),
  },
  {
    says: '"Each item in this list is combined using a logical OR."',
    policies: ingress({ port: 80 }, { protocol: 'SCTP', port: 9000 }),
    cells: cells('dev/client > prod/web', '80/TCP: allow', '9000/SCTP: allow', '9000/TCP: deny', '80/SCTP: deny'),
  },
  {
    says: '"the range of ports from port to endPort if set, inclusive"',
    policies: ingress({ port: 79, endPort: 81 }),
    cells: cells(
      'dev/client > prod/web',
      '78/TCP: deny',
      '79/TCP: allow',
      '80/TCP: allow',
      '81/TCP: allow',
      '82/TCP: deny',
      '80/UDP: deny',
    ),
  },
  {
    says: '"The endPort must be equal or greater than port."',
    shows: 'equal: one port',
    policies: ingress({ port: 80, endPort: 80 }),
    cells: cells('dev/client > prod/web', '79/TCP: deny', '80/TCP: allow', '81/TCP: deny'),
  },
  {
    says: '"the range of ports from port to endPort if set, inclusive"',
    shows: 'every port there is',
    policies: egress({ port: 1, endPort: 65535 }),
    cells: cells('dev/client > prod/web', '1/TCP: allow', '65535/TCP: allow', '80/UDP: deny'),
  },
  {
    says: '"This can either be a numerical or named port on a pod."',
    shows: 'one name, another number on each pod',
    policies: ingress({ port: 'http' }),
    cells: [
      ...cells('dev/client > prod/web', '80/TCP: allow', '8080/TCP: deny', '80/UDP: deny'),
      ...cells('dev/client > prod/api', '80/TCP: deny', '8080/TCP: allow'),
    ],
  },
  {
    says: '"This can either be a numerical or named port on a pod."',
    shows: 'egress resolves the name on the destination, not on the source',
    policies: egress({ port: 'http' }),
    cells: [
      ...cells('dev/client > prod/api', '8080/TCP: allow', '80/TCP: deny'),
      ...cells('dev/client > prod/web', '80/TCP: allow'),
      ...cells('dev/client > qa/client', '80/TCP: deny'),
    ],
  },
  {
    says: '"This can either be a numerical or named port on a pod."',
    shows: 'a name in one rule, a number in another',
    policies: [
      policyIn('prod', { podSelector: {}, ingress: [{ ports: [{ port: 'http' }] }, { ports: [{ port: 9 }] }] }),
    ],
    cells: [
      ...cells('dev/client > prod/web', '80/TCP: allow', '8080/TCP: deny', '9/TCP: allow'),
      ...cells('dev/client > prod/api', '80/TCP: deny', '8080/TCP: allow', '9/TCP: allow'),
    ],
  },
  {
    says: '"This can either be a numerical or named port on a pod."',
    shows: 'egress by one of two names',
    policies: egress({ port: 'nothing' }, { port: 'http' }),
    cells: cells('dev/client > prod/web', '80/TCP: allow', '8080/TCP: deny'),
  },
  {
    says: '"only traffic on the specified protocol AND port will be matched"',
    shows: 'a name with the wrong protocol names nothing',
    policies: ingress({ port: 'http' }, { port: 'http', protocol: 'SCTP' }),
    cells: cells('dev/client > prod/db', '80/TCP: deny', '80/UDP: deny', '80/SCTP: deny'),
  },
  {
    says: '"only traffic on the specified protocol AND port will be matched"',
    shows: 'a name with its own protocol',
    policies: ingress({ port: 'http', protocol: 'UDP' }),
    cells: [
      ...cells('dev/client > prod/db', '80/UDP: allow', '80/TCP: deny'),
      ...cells('dev/client > prod/web', '80/TCP: deny', '80/UDP: deny'),
    ],
  },
  {
    says: 'A host outside the cluster is no pod: none of its ports has a name.',
    policies: egress({ port: 'http' }),
    cells: cells('dev/client > host:office', '80/TCP: deny'),
  },
  {
    says: 'A name that no pod has matches no port.',
    policies: ingress({ port: 'nothing' }),
    cells: cells('dev/client > prod/web', '80/TCP: deny'),
  },
];
