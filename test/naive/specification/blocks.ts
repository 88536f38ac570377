import { policyIn, type RawPeer, type RawPolicy } from '../manifest.ts';
import type { Row } from './row.ts';
import { DUAL_STACK } from './world.ts';

const from = (...peers: RawPeer[]): readonly RawPolicy[] => [
  policyIn('prod', { podSelector: {}, ingress: [{ from: peers }] }),
];
const to = (...peers: RawPeer[]): readonly RawPolicy[] => [
  policyIn('prod', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: peers }] }),
];
const block = (cidr: string, ...except: string[]): RawPeer => ({ ipBlock: { cidr, except } });

/** Addresses: inside, outside, and not known. */
export const BLOCKS: readonly Row[] = [
  {
    says: '"ipBlock: This selects particular IP CIDR ranges to allow"',
    policies: from(block('203.0.113.0/24')),
    cells: [
      'host:office > prod/web 80/TCP: allow',
      'host:cloud > prod/web 80/TCP: deny',
      'dev/client > prod/web 80/TCP: deny',
    ],
  },
  {
    says: '"ipBlock: This selects particular IP CIDR ranges to allow" (egress)',
    policies: to(block('203.0.113.7/32')),
    cells: [
      'prod/web > host:office 443/TCP: allow',
      'prod/web > host:cloud 443/TCP: deny',
      'prod/web > dev/client 80/TCP: deny',
    ],
  },
  {
    says: 'A pod\'s address is an address: "Pod IPs are ephemeral", but a block may cover them.',
    policies: from(block('10.0.1.0/24')),
    cells: ['dev/client > prod/web 80/TCP: allow', 'qa/client > prod/web 80/TCP: deny'],
  },
  {
    says: '"IP addresses in the ranges 172.17.0.0–172.17.0.255": both ends are inside',
    policies: from(block('10.0.0.0/30'), block('10.0.3.40/29')),
    world: {
      namespaces: [{ name: 'prod' }],
      pods: [
        { namespace: 'prod', name: 'web' },
        ...['10.0.0.0', '10.0.0.3', '10.0.0.4', '10.0.3.39', '10.0.3.40', '10.0.3.47', '10.0.3.48'].map((address) => ({
          namespace: 'prod',
          name: `at-${address.replaceAll('.', '-')}`,
          addresses: [address],
        })),
      ],
    },
    cells: [
      ...['10-0-0-0', '10-0-0-3', '10-0-3-40', '10-0-3-47'].map((at) => `prod/at-${at} > prod/web 80/TCP: allow`),
      ...['10-0-0-4', '10-0-3-39', '10-0-3-48'].map((at) => `prod/at-${at} > prod/web 80/TCP: deny`),
    ],
  },
  {
    says: 'A block of one address (/32)',
    policies: from(block('10.0.1.20/32')),
    cells: [
      'dev/client > prod/web 80/TCP: allow',
      'qa/client > prod/web 80/TCP: deny',
      'prod/api > prod/web 80/TCP: deny',
    ],
  },
  {
    says: '0.0.0.0/0 is every IPv4 address, and no IPv6 address',
    policies: from(block('0.0.0.0/0')),
    cells: [
      'host:office > prod/web 80/TCP: allow',
      'qa/client > prod/web 80/TCP: allow',
      'host:cloud > prod/web 80/TCP: deny',
    ],
  },
  {
    says: 'Valid examples are "192.168.1.0/24" or "2001:db8::/64"',
    shows: 'IPv6',
    policies: from(block('2001:db8::/64')),
    cells: [
      'host:cloud > prod/web 80/TCP: allow',
      'host:office > prod/web 80/TCP: deny',
      'dev/client > prod/web 80/TCP: deny',
    ],
  },
  {
    says: '"all of 172.17.0.0/16 except 172.17.1.0/24"',
    policies: from(block('10.0.0.0/16', '10.0.1.0/24', '10.0.3.0/24')),
    cells: [
      'dev/client > prod/web 80/TCP: deny',
      'default/job > prod/web 80/TCP: deny',
      'qa/client > prod/web 80/TCP: allow',
      'host:office > prod/web 80/TCP: deny',
    ],
  },
  {
    says: '"CIDRs that should not be included within this rule": another policy may allow them',
    policies: [
      ...from(block('10.0.0.0/16', '10.0.1.0/24')),
      policyIn('prod', { ingress: [{ from: [block('10.0.1.20/32')] }] }, 'again'),
    ],
    cells: ['dev/client > prod/web 80/TCP: allow', 'qa/client > prod/web 80/TCP: allow'],
  },
  {
    says: '"CIDRs that should not be included within this rule": so may another peer of the rule',
    policies: from(block('10.0.0.0/16', '10.0.1.0/24'), { namespaceSelector: { matchLabels: { environment: 'dev' } } }),
    cells: [
      'dev/client > prod/web 80/TCP: allow',
      'default/job > prod/web 80/TCP: allow',
      'host:office > prod/web 80/TCP: deny',
    ],
  },
  {
    says: "Where a pod's address is not known, what hangs on it is unknown.",
    policies: from(block('10.0.0.0/8')),
    cells: ['prod/db > prod/web 80/TCP: unknown', 'prod/api > prod/web 80/TCP: allow'],
  },
  {
    says: '0.0.0.0/0 holds an IPv4 address that is not known; with a hole, who knows',
    policies: [
      policyIn('prod', { podSelector: { matchLabels: { app: 'web' } }, ingress: [{ from: [block('0.0.0.0/0')] }] }),
      policyIn('prod', {
        podSelector: { matchLabels: { app: 'api' } },
        ingress: [{ from: [block('0.0.0.0/0', '10.9.0.0/16')] }],
      }),
    ],
    cells: ['prod/db > prod/web 80/TCP: allow', 'prod/db > prod/api 80/TCP: unknown'],
  },
  {
    says: 'No pod has an IPv6 address where the cluster has none',
    policies: from(block('2001:db8::/32'), block('::/0')),
    cells: ['prod/db > prod/web 80/TCP: deny', 'host:cloud > prod/web 80/TCP: allow'],
  },
  {
    says: '"If either side does not allow the connection, it will not happen": a sure deny beats what is unknown',
    policies: [...to(block('10.0.0.0/8')), policyIn('prod', { podSelector: { matchLabels: { app: 'db' } } })],
    cells: ['prod/api > prod/db 80/TCP: deny', 'prod/db > dev/client 80/TCP: allow'],
  },
  {
    says: 'An allow elsewhere makes up for what is unknown: the union is sure.',
    policies: from(block('10.0.0.0/8'), { podSelector: { matchLabels: { app: 'db' } } }),
    cells: ['prod/db > prod/web 80/TCP: allow'],
  },
  {
    says: 'A pod of both families may use either: sure only where both agree',
    policies: [
      policyIn('prod', { podSelector: { matchLabels: { app: 'web' } }, ingress: [{ from: [block('0.0.0.0/0')] }] }),
    ],
    world: DUAL_STACK,
    cells: [
      'prod/api > prod/web 80/TCP: unknown',
      'prod/known > prod/web 80/TCP: unknown',
      'host:both > prod/web 80/TCP: unknown',
    ],
  },
  {
    says: '0.0.0.0/0 and ::/0 together hold every address, known or not',
    policies: from(block('0.0.0.0/0'), block('::/0')),
    world: DUAL_STACK,
    cells: [
      'prod/api > prod/web 80/TCP: allow',
      'prod/known > prod/web 80/TCP: allow',
      'host:both > prod/web 80/TCP: allow',
    ],
  },
  {
    says: '0.0.0.0/0 and ::/0 together hold every address, known or not (egress)',
    policies: to(block('0.0.0.0/0'), block('::/0')),
    world: DUAL_STACK,
    cells: [
      'prod/web > prod/api 80/TCP: allow',
      'prod/web > prod/known 80/TCP: allow',
      'prod/known > host:both 80/TCP: allow',
    ],
  },
  {
    says: 'Two rules of two policies may share the families between them: the union is sure',
    policies: [
      ...from(block('10.0.0.1/32')),
      policyIn('prod', { ingress: [{ from: [block('fd00::/8')], ports: [{ port: 80 }] }] }, 'b'),
    ],
    world: DUAL_STACK,
    cells: [
      'prod/known > prod/web 80/TCP: allow',
      'prod/known > prod/web 81/TCP: unknown',
      'host:both > prod/web 80/TCP: deny',
    ],
  },
];
