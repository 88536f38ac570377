import { policyIn, type RawPolicy, type RawRule } from '../manifest.ts';
import type { Row } from './row.ts';
import { SERVED } from './world.ts';

const into = (...ingress: readonly RawRule[]): RawPolicy =>
  policyIn('prod', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'], ingress });
const outOf = (...egress: readonly RawRule[]): RawPolicy =>
  policyIn('prod', { podSelector: { matchLabels: { app: 'client' } }, policyTypes: ['Egress'], egress });
const office = { ipBlock: { cidr: '172.17.0.0/16', except: ['172.17.1.0/24'] } };
const port = [{ port: 8080 }];

const REWRITTEN =
  '"it is not defined whether this happens before or after NetworkPolicy processing": the source may be "the Pod\'s node"';
const PRESERVED = 'Local: "This approach preserves the original source IP address"';

/** Connections to a port of the nodes. `one` may send them on from another node; `local` does not. */
const ROWS: readonly Omit<Row, 'world'>[] = [
  {
    says: REWRITTEN,
    shows: 'open where a restriction of sources decides',
    policies: [into({ from: [office], ports: port })],
    cells: [
      'host:office > nodeport:prod/one 80/TCP: unknown',
      'host:street > nodeport:prod/one 80/TCP: unknown',
      'prod/client > nodeport:prod/one 80/TCP: unknown',
    ],
  },
  {
    says: REWRITTEN,
    shows: 'a selector means no node',
    policies: [into({ from: [{ podSelector: {} }] })],
    cells: ['prod/client > nodeport:prod/one 80/TCP: unknown', 'host:office > nodeport:prod/one 80/TCP: deny'],
  },
  {
    says: REWRITTEN,
    shows: 'allowed where nobody is kept out, on the port of the backend',
    policies: [into({ ports: port })],
    cells: ['host:office > nodeport:prod/one 80/TCP: allow', 'prod/client > nodeport:prod/one 80/TCP: allow'],
  },
  {
    says: REWRITTEN,
    shows: 'a block that holds every address keeps nobody out',
    policies: [into({ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] })],
    cells: ['host:office > nodeport:prod/one 80/TCP: allow', 'prod/client > nodeport:prod/one 80/TCP: allow'],
  },
  {
    says: REWRITTEN,
    shows: 'denied where the port of the backend is closed to everyone',
    policies: [into({ ports: [{ port: 80 }] })],
    cells: ['host:office > nodeport:prod/one 80/TCP: deny', 'prod/client > nodeport:prod/one 80/TCP: deny'],
  },
  {
    says: REWRITTEN,
    shows: 'on the way out it may be the backend that is seen, or a node',
    policies: [outOf({ to: [{ podSelector: { matchLabels: { app: 'web' } } }] })],
    cells: ['prod/client > nodeport:prod/one 80/TCP: unknown', 'prod/client > svc:prod/one 80/TCP: allow'],
  },
  {
    says: REWRITTEN,
    shows: 'and that of the backend or a port of the node',
    policies: [outOf({ ports: port })],
    cells: ['prod/client > nodeport:prod/one 80/TCP: unknown', 'host:office > nodeport:prod/one 80/TCP: allow'],
  },
  {
    says: REWRITTEN,
    shows: 'out to every port that it may be, 30000 to 32767 with the default of the API server',
    policies: [outOf({ ports: [...port, { port: 30_000, endPort: 32_767 }] })],
    cells: ['prod/client > nodeport:prod/one 80/TCP: allow'],
  },
  {
    says: REWRITTEN,
    shows: 'and not to one less',
    policies: [outOf({ ports: [...port, { port: 30_001, endPort: 32_767 }] })],
    cells: ['prod/client > nodeport:prod/one 80/TCP: unknown'],
  },
  {
    says: REWRITTEN,
    shows: 'nor at the other end',
    policies: [outOf({ ports: [...port, { port: 30_000, endPort: 32_766 }] })],
    cells: ['prod/client > nodeport:prod/one 80/TCP: unknown'],
  },
  {
    says: REWRITTEN,
    shows: 'nothing gets out',
    policies: [outOf()],
    cells: ['prod/client > nodeport:prod/one 80/TCP: deny', 'prod/client > nodeport:prod/local 80/TCP: deny'],
  },
  {
    says: PRESERVED,
    shows: 'a block means who comes from outside',
    policies: [into({ from: [office], ports: port })],
    cells: ['host:office > nodeport:prod/local 80/TCP: allow', 'host:street > nodeport:prod/local 80/TCP: deny'],
  },
  {
    says: PRESERVED,
    shows: 'an exception means him too',
    policies: [into({ from: [{ ipBlock: { cidr: '172.17.0.0/16', except: ['172.17.5.0/24'] } }] })],
    cells: ['host:office > nodeport:prod/local 80/TCP: deny'],
  },
  {
    says: PRESERVED,
    shows: 'what a pod sends out of its node is not from outside',
    policies: [into({ from: [{ podSelector: {} }] })],
    cells: ['prod/client > nodeport:prod/local 80/TCP: unknown', 'host:office > nodeport:prod/local 80/TCP: deny'],
  },
  {
    says: 'Without a backend nobody answers there either.',
    policies: [],
    cells: ['host:office > nodeport:prod/none 80/TCP: deny'],
  },
];

export const NODE_PORTS: readonly Row[] = ROWS.map((row) => ({ ...row, world: SERVED }));
