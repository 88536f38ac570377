import { policyIn, type RawPolicy, type RawRule } from '../manifest.ts';
import type { Row } from './row.ts';
import { SERVED } from './world.ts';

const into = (...ingress: readonly RawRule[]): RawPolicy =>
  policyIn('prod', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'], ingress });
const outOf = (...egress: readonly RawRule[]): RawPolicy =>
  policyIn('prod', { podSelector: { matchLabels: { app: 'client' } }, policyTypes: ['Egress'], egress });
const port = [{ port: 8080 }];
const client = { podSelector: { matchLabels: { app: 'client' } } };
const web = { podSelector: { matchLabels: { app: 'web' } } };
const everyone = { ipBlock: { cidr: '0.0.0.0/0' } };

const REWRITTEN =
  '"Cluster ingress and egress mechanisms often require rewriting the source or destination IP of packets. In cases where this happens, it is not defined whether this happens before or after NetworkPolicy processing"';

/** Connections to an externalIP of a Service, or to the address of its load balancer. */
const ROWS: readonly Row[] = [
  {
    says: REWRITTEN,
    shows: "without a policy, and by the backend's port, who comes does not matter",
    policies: [],
    cells: ['prod/client > external:prod/one 80/TCP: allow', 'dev/client > external:prod/local 80/TCP: allow'],
  },
  {
    says: REWRITTEN,
    shows: "the backend's port counts, and not the Service's",
    policies: [into({ ports: port })],
    cells: ['prod/client > external:prod/one 80/TCP: allow'],
  },
  {
    says: REWRITTEN,
    shows: "who writes the Service's port lets nobody in",
    policies: [into({ ports: [{ port: 80 }] })],
    cells: ['prod/client > external:prod/one 80/TCP: deny', 'dev/client > external:prod/local 80/TCP: deny'],
  },
  {
    says: REWRITTEN,
    shows: 'nobody gets in where nothing is let in',
    policies: [into()],
    cells: ['prod/client > external:prod/one 80/TCP: deny'],
  },
  {
    says: REWRITTEN,
    shows: 'a client that is selected may look like a node, with either externalTrafficPolicy',
    policies: [into({ from: [client] })],
    cells: [
      'prod/client > external:prod/one 80/TCP: unknown',
      'prod/client > external:prod/local 80/TCP: unknown',
      'dev/client > external:prod/one 80/TCP: deny',
    ],
  },
  {
    says: REWRITTEN,
    shows: 'a block of all addresses holds either',
    policies: [into({ from: [everyone] })],
    cells: ['prod/client > external:prod/one 80/TCP: allow'],
  },
  {
    says: REWRITTEN,
    shows: "on the way out a policy may see the address outside and the Service's own port",
    policies: [outOf({ to: [web], ports: port })],
    cells: ['prod/client > external:prod/one 80/TCP: unknown', 'prod/client > svc:prod/one 80/TCP: allow'],
  },
  {
    says: REWRITTEN,
    shows: 'both ports, wherever they are, do',
    policies: [outOf({ ports: [{ port: 80 }, { port: 8080 }] })],
    cells: ['prod/client > external:prod/one 80/TCP: allow'],
  },
  {
    says: REWRITTEN,
    shows: 'one of them does not',
    policies: [outOf({ ports: [{ port: 80 }] })],
    cells: ['prod/client > external:prod/one 80/TCP: unknown', 'prod/client > svc:prod/one 80/TCP: deny'],
  },
  {
    says: REWRITTEN,
    shows: 'nothing gets out',
    policies: [outOf()],
    cells: ['prod/client > external:prod/one 80/TCP: deny'],
  },
  {
    says: 'Without a backend nobody answers there either.',
    policies: [],
    cells: ['prod/client > external:prod/none 80/TCP: deny'],
  },
];

export const OUTSIDE_ADDRESSES: readonly Row[] = ROWS.map((row) => ({ ...row, world: SERVED }));
