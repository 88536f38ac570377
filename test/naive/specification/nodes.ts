import { policyIn, type RawPolicy, type RawRule } from '../manifest.ts';
import type { Row } from './row.ts';
import { NODES as WORLD } from './world.ts';

const both = ['Ingress', 'Egress'];
const closed = (namespace: string): RawPolicy => policyIn(namespace, { podSelector: {}, policyTypes: both });
const into = (...ingress: readonly RawRule[]): RawPolicy => policyIn('prod', { podSelector: {}, ingress });
const outOf = (...egress: readonly RawRule[]): RawPolicy =>
  policyIn('prod', { podSelector: {}, policyTypes: ['Egress'], egress });
const block = (cidr: string) => ({ ipBlock: { cidr } });

const OWN = '"traffic to and from the node where a Pod is running is always allowed"';
const NO_POD = '"podSelector is a label selector which selects pods": a node is none';

/** Connections between pods and the nodes themselves. */
const ROWS: readonly Omit<Row, 'world'>[] = [
  {
    says: OWN,
    shows: 'whatever policies say',
    policies: [closed('prod')],
    cells: [
      'node:own > prod/web 80/TCP: allow',
      'prod/web > node:own 9100/TCP: allow',
      'node:other > prod/web 80/TCP: deny',
      'prod/web > node:other 9100/TCP: deny',
    ],
  },
  {
    says: OWN,
    shows: '"regardless of the IP address of the Pod or the node"',
    policies: [outOf({ to: [block('192.168.9.4/32')] }), into({ from: [block('192.168.9.4/32')] })],
    cells: ['prod/web > node:own 9100/TCP: allow', 'node:own > prod/web 80/TCP: allow'],
  },
  {
    says: OWN,
    shows: 'where it is not known whether it is that node, it is never denied for sure',
    policies: [closed('dev')],
    cells: ['node:own > dev/client 80/TCP: unknown', 'dev/client > node:other 9100/TCP: unknown'],
  },
  {
    says: OWN,
    shows: 'the kubelet asks from there',
    policies: [closed('prod')],
    cells: ['kubelet > prod/web 80/TCP: allow'],
  },
  {
    says: NO_POD,
    policies: [into({ from: [{ namespaceSelector: {} }] }), outOf({ to: [{ namespaceSelector: {} }] })],
    cells: [
      'node:other > prod/web 80/TCP: deny',
      'prod/web > node:other 80/TCP: deny',
      'dev/client > prod/web 80/TCP: allow',
    ],
  },
  {
    says: NO_POD,
    shows: 'and so nothing isolates it',
    policies: [closed('dev'), closed('prod')],
    cells: ['node:other > node:own 9100/TCP: allow', 'host:office > node:own 9100/TCP: allow'],
  },
  {
    says: '"this rule matches all sources": a node too',
    policies: [into({ ports: [{ port: 80 }] }), outOf({ ports: [{ port: 9100 }] })],
    cells: [
      'node:other > prod/web 80/TCP: allow',
      'node:other > prod/web 81/TCP: deny',
      'prod/web > node:dark 9100/TCP: allow',
      'prod/web > node:dark 9101/TCP: deny',
    ],
  },
  {
    says: 'A block means another node by the address that is probed',
    policies: [outOf({ to: [block('192.168.9.4/32')] })],
    cells: ['prod/web > node:other 9100/TCP: allow', 'prod/web > node:dark 9100/TCP: unknown'],
  },
  {
    says: 'A block means another node by the address that is probed',
    shows: 'and one bit beside it does not',
    policies: [outOf({ to: [block('192.168.9.5/32')] })],
    cells: ['prod/web > node:other 9100/TCP: deny'],
  },
  {
    says: 'By which of its addresses a node comes, one of a tunnel perhaps, is not known.',
    policies: [into({ from: [block('192.168.9.4/32')] })],
    cells: ['node:other > prod/web 80/TCP: unknown', 'node:dark > prod/web 80/TCP: unknown'],
  },
  {
    says: 'By which of its addresses a node comes, one of a tunnel perhaps, is not known.',
    shows: 'but for a block of every address, and one of the other family',
    policies: [into({ from: [block('0.0.0.0/0')], ports: [{ port: 80 }] }, { from: [block('::/0')] })],
    cells: [
      'node:other > prod/web 80/TCP: allow',
      'node:other > prod/web 81/TCP: deny',
      'node:dark > prod/web 80/TCP: allow',
      'node:dark > prod/web 81/TCP: deny',
    ],
  },
  {
    says: '"Traffic to/from hostNetwork pods is treated the same as all other traffic to/from the node IP"',
    shows: 'its own node always reaches it, of another it is open',
    policies: [closed('dev')],
    cells: ['node:other > dev/agent 80/TCP: allow', 'node:own > dev/agent 80/TCP: unknown'],
  },
];

export const NODES: readonly Row[] = ROWS.map((row) => ({ ...row, world: WORLD }));
