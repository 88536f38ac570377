import { policyIn } from '../manifest.ts';
import type { Row } from './row.ts';

const web = { matchLabels: { app: 'web' } };
const client = { matchLabels: { app: 'client' } };
const everywhere = [{ namespaceSelector: {} }];

/** Which pods are isolated, in which direction, and what several policies do together. */
export const ISOLATION: readonly Row[] = [
  {
    says: '"By default, a pod is non-isolated for egress … non-isolated for ingress"',
    policies: [],
    cells: [
      'dev/client > prod/web 80/TCP: allow',
      'host:office > prod/web 53/UDP: allow',
      'prod/web > host:cloud 9/SCTP: allow',
    ],
  },
  {
    says: '"An empty selector matches all pods in the policy\'s namespace."',
    policies: [policyIn('prod', { podSelector: {}, policyTypes: ['Ingress'] })],
    cells: [
      'dev/client > prod/web 80/TCP: deny',
      'prod/api > prod/db 80/TCP: deny',
      'host:office > prod/api 80/TCP: deny',
      'prod/web > dev/client 80/TCP: allow',
      'qa/client > dev/client 80/TCP: allow',
    ],
  },
  {
    says: '"This field is optional. If it is not specified, it defaults to an empty selector."',
    policies: [policyIn('prod', { podSelector: null, ingress: null, policyTypes: ['Ingress'] })],
    cells: [
      'dev/client > prod/web 80/TCP: deny',
      'dev/client > prod/db 80/TCP: deny',
      'prod/web > qa/client 1/TCP: allow',
    ],
  },
  {
    says: '"A pod is isolated … if there is any NetworkPolicy that … selects the pod": no other pod is',
    policies: [policyIn('prod', { podSelector: web })],
    cells: ['dev/client > prod/web 80/TCP: deny', 'dev/client > prod/api 8080/TCP: allow'],
  },
  {
    says: '"A pod is isolated … if there is any NetworkPolicy that … selects the pod"',
    shows: 'a selector that matches nothing isolates nothing',
    policies: [policyIn('prod', { podSelector: { matchLabels: { app: 'wbe' } }, policyTypes: ['Ingress', 'Egress'] })],
    cells: ['dev/client > prod/web 80/TCP: allow', 'prod/web > dev/client 80/TCP: allow'],
  },
  {
    says: '"the only allowed connections into the pod are … those allowed by the ingress list"',
    shows: 'an ingress list that is nil allows nothing',
    policies: [policyIn('prod', { podSelector: web, policyTypes: ['Ingress'] })],
    cells: ['dev/client > prod/web 80/TCP: deny', 'prod/api > prod/web 80/TCP: deny'],
  },
  {
    says: '"If this field is empty then this NetworkPolicy does not allow any traffic"',
    shows: 'ingress: []',
    policies: [policyIn('prod', { podSelector: web, ingress: [] })],
    cells: ['dev/client > prod/web 80/TCP: deny', 'host:office > prod/web 80/TCP: deny'],
  },
  {
    says: '"allow all incoming connections to all pods in a namespace" (ingress: [{}])',
    policies: [policyIn('prod', { podSelector: {}, ingress: [{}] })],
    cells: [
      'dev/client > prod/web 80/TCP: allow',
      'host:cloud > prod/db 7/SCTP: allow',
      'qa/client > prod/api 1/UDP: allow',
    ],
  },
  {
    says: '"If this field is empty then this NetworkPolicy limits all outgoing traffic"',
    shows: 'egress: []',
    policies: [policyIn('dev', { podSelector: client, policyTypes: ['Egress'], egress: [] })],
    cells: [
      'dev/client > prod/web 80/TCP: deny',
      'dev/client > host:office 443/TCP: deny',
      'prod/web > dev/client 80/TCP: allow',
    ],
  },
  {
    says: '"explicitly allows all outgoing connections from pods in that namespace" (egress: [{}])',
    policies: [policyIn('dev', { podSelector: client, policyTypes: ['Egress'], egress: [{}] })],
    cells: ['dev/client > prod/web 80/TCP: allow', 'dev/client > host:cloud 443/UDP: allow'],
  },
  {
    says: '"by default Ingress will always be set and Egress will be set if the NetworkPolicy has any egress rules"',
    shows: 'without policyTypes, an egress rule isolates both ways',
    policies: [policyIn('dev', { podSelector: client, egress: [{ ports: [{ port: 80 }] }] })],
    cells: [
      'dev/client > prod/web 80/TCP: allow',
      'dev/client > prod/web 81/TCP: deny',
      'prod/web > dev/client 80/TCP: deny',
    ],
  },
  {
    says: '"Egress will be set if the NetworkPolicy has any egress rules"',
    shows: 'egress: [] without policyTypes leaves egress open',
    policies: [policyIn('dev', { podSelector: client, policyTypes: [], egress: [] })],
    cells: ['dev/client > prod/web 80/TCP: allow', 'prod/web > dev/client 80/TCP: deny'],
  },
  {
    says: '"If you want to write an egress-only policy, you must explicitly specify policyTypes [ "Egress" ]."',
    policies: [policyIn('dev', { podSelector: client, policyTypes: ['Egress'], egress: [{ to: everywhere }] })],
    cells: ['dev/client > host:office 80/TCP: deny', 'prod/web > dev/client 80/TCP: allow'],
  },
  {
    says: '"policyTypes is a list of rule types that the NetworkPolicy relates to"',
    shows: 'rules of a direction that is left out do nothing',
    policies: [policyIn('dev', { podSelector: client, policyTypes: ['Ingress'], egress: [{ ports: [{ port: 1 }] }] })],
    cells: ['dev/client > prod/web 80/TCP: allow', 'prod/web > dev/client 1/TCP: deny'],
  },
  {
    says: '"This policy does not affect isolation for egress from any pod." (default deny all ingress)',
    policies: [policyIn('prod', { podSelector: {}, policyTypes: ['Ingress'] })],
    cells: ['prod/web > host:office 443/TCP: allow', 'prod/web > qa/client 80/TCP: allow'],
  },
  {
    says: '"pods … will not be allowed ingress or egress traffic" (default deny all)',
    policies: [policyIn('prod', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })],
    cells: [
      'prod/web > host:office 443/TCP: deny',
      'host:office > prod/web 80/TCP: deny',
      'prod/api > prod/web 80/TCP: deny',
    ],
  },
  {
    says: '"the connections allowed in that direction … is the union of what the applicable policies allow"',
    policies: [
      policyIn('prod', { podSelector: web, ingress: [{ ports: [{ port: 80 }] }] }, 'a'),
      policyIn('prod', { podSelector: {}, ingress: [{ ports: [{ port: 81 }] }] }, 'b'),
      policyIn('prod', { podSelector: {} }, 'c'),
    ],
    cells: [
      ...['80/TCP: allow', '81/TCP: allow', '82/TCP: deny'].map((cell) => `dev/client > prod/web ${cell}`),
      ...['80/TCP: deny', '81/TCP: allow'].map((cell) => `dev/client > prod/api ${cell}`),
    ],
  },
  {
    says: '"With this policy in place, no additional policy … can cause any incoming connection to those pods to be denied."',
    policies: [
      policyIn('prod', { podSelector: {}, ingress: [{}] }, 'a'),
      policyIn('prod', { podSelector: {}, ingress: [{ from: [{ podSelector: web }] }] }, 'b'),
      policyIn('prod', { podSelector: {} }, 'c'),
    ],
    cells: ['dev/client > prod/api 1/TCP: allow', 'host:office > prod/db 1/TCP: allow'],
  },
  {
    says: '"both the egress policy on the source pod and the ingress policy on the destination pod need to allow"',
    shows: 'an egress deny beats an ingress allow',
    policies: [
      policyIn('dev', { podSelector: {}, policyTypes: ['Egress'] }),
      policyIn('prod', { podSelector: {}, ingress: [{ from: everywhere }] }),
    ],
    cells: ['dev/client > prod/web 80/TCP: deny', 'qa/client > prod/web 80/TCP: allow'],
  },
  {
    says: '"If either side does not allow the connection, it will not happen."',
    shows: 'an ingress deny beats an egress allow',
    policies: [
      policyIn('dev', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: everywhere }] }),
      policyIn('prod', { podSelector: web }),
    ],
    cells: [
      'dev/client > prod/web 80/TCP: deny',
      'dev/client > prod/api 80/TCP: allow',
      'dev/client > host:office 80/TCP: deny',
    ],
  },
  {
    says: '"a pod cannot block access to itself"',
    policies: [policyIn('prod', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })],
    cells: ['prod/web > prod/web 80/TCP: allow', 'prod/db > prod/db 1/UDP: allow', 'prod/web > prod/api 80/TCP: deny'],
  },
  {
    says: 'A manifest without a namespace lands in "default", as with kubectl.',
    policies: [policyIn(null, { podSelector: {}, policyTypes: ['Ingress'] })],
    cells: ['dev/client > default/job 80/TCP: deny', 'dev/client > prod/web 80/TCP: allow'],
  },
  {
    says: 'A policy in a namespace that is missing selects no pod.',
    policies: [policyIn('gone', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })],
    cells: ['dev/client > prod/web 80/TCP: allow', 'dev/client > default/job 80/TCP: allow'],
  },
];
