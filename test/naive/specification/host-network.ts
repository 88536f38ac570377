import { policyIn, type RawPeer, type RawPolicy } from '../manifest.ts';
import type { Row } from './row.ts';

const out = (namespace: string, app: string, egress: RawPolicy['spec'] & object): RawPolicy =>
  policyIn(namespace, { podSelector: { matchLabels: { app } }, ...egress });
const agent: RawPeer = { podSelector: { matchLabels: { app: 'agent' } } };
const logger: RawPeer = { namespaceSelector: {}, podSelector: { matchLabels: { app: 'logger' } } };

/**
 * "NetworkPolicy behaviour for hostNetwork pods is undefined, but it should be limited to 2 possibilities": like any pod,
 * or like its node. `prod/agent` and `dev/logger` are such pods.
 */
export const HOST_NETWORK: readonly Row[] = [
  {
    says: '"a hostNetwork pod is selected by spec.podSelector"',
    shows: 'isolated as a pod, not as a node',
    policies: [out('prod', 'agent', { policyTypes: ['Ingress', 'Egress'] })],
    cells: [
      'dev/client > prod/agent 9100/TCP: unknown',
      'prod/agent > dev/client 80/TCP: unknown',
      'host:office > prod/agent 1/TCP: unknown',
      'prod/agent > host:office 1/TCP: unknown',
    ],
  },
  {
    says: '"a hostNetwork pod is selected by spec.podSelector"',
    shows: 'what lets the traffic through makes both agree',
    policies: [
      out('prod', 'agent', { ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 'metrics' }] }] }),
    ],
    cells: [
      'dev/client > prod/agent 9100/TCP: allow',
      'dev/client > prod/agent 9101/TCP: unknown',
      'host:office > prod/agent 9100/TCP: unknown',
    ],
  },
  {
    says: '"a hostNetwork pod is selected by a podSelector or namespaceSelector in an ingress or egress rule"',
    shows: 'ingress: meant as a pod, not as a node',
    policies: [out('prod', 'web', { ingress: [{ from: [agent] }] })],
    cells: ['prod/agent > prod/web 80/TCP: unknown', 'prod/api > prod/web 80/TCP: deny'],
  },
  {
    says: '"a hostNetwork pod is selected by a podSelector or namespaceSelector in an ingress or egress rule"',
    shows: 'egress: meant as a pod, not as a node',
    policies: [out('prod', 'web', { policyTypes: ['Egress'], egress: [{ to: [{ podSelector: {} }] }] })],
    cells: [
      'prod/web > prod/agent 80/TCP: unknown',
      'prod/web > prod/api 80/TCP: allow',
      'prod/web > host:office 80/TCP: deny',
    ],
  },
  {
    says: '"you can allow traffic from a hostNetwork Pod using an ipBlock rule"',
    policies: [out('prod', 'web', { ingress: [{ from: [{ ipBlock: { cidr: '192.168.9.0/28' } }] }] })],
    cells: [
      'prod/agent > prod/web 80/TCP: allow',
      'dev/logger > prod/web 80/TCP: allow',
      'dev/client > prod/web 80/TCP: deny',
    ],
  },
  {
    says: '"traffic to and from the node where a Pod is running is always allowed"',
    shows: 'never surely denied, for that node may be the one',
    policies: [policyIn('prod', { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress', 'Egress'] })],
    cells: [
      'prod/agent > prod/web 80/TCP: unknown',
      'prod/web > prod/agent 9100/TCP: unknown',
      'prod/web > prod/api 80/TCP: deny',
    ],
  },
  {
    says: '"this rule matches all sources": a node too',
    policies: [out('prod', 'web', { ingress: [{ ports: [{ port: 80 }] }] })],
    cells: ['prod/agent > prod/web 80/TCP: allow', 'prod/agent > prod/web 81/TCP: unknown'],
  },
  {
    says: '"Traffic to/from hostNetwork pods is treated the same as all other traffic to/from the node IP"',
    shows: 'a node has no named ports',
    policies: [
      policyIn('dev', { podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ port: 'metrics' }] }] }),
    ],
    cells: ['dev/client > prod/agent 9100/TCP: unknown', 'dev/client > prod/web 9100/TCP: deny'],
  },
  {
    says: '"Traffic to/from hostNetwork pods is treated the same as all other traffic to/from the node IP"',
    shows: 'a block that holds the node does not name its ports either',
    policies: [
      policyIn('dev', {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [{ to: [{ ipBlock: { cidr: '192.168.9.9/32' } }], ports: [{ port: 'metrics' }, { port: 9200 }] }],
      }),
    ],
    cells: ['dev/client > prod/agent 9100/TCP: unknown', 'dev/client > prod/agent 9200/TCP: allow'],
  },
  {
    says: '"Traffic to/from hostNetwork pods is treated the same as all other traffic to/from the node IP"',
    shows: 'what its port is called does not matter where the number is written, or none',
    policies: [
      policyIn('dev', {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [{ to: [{ ipBlock: { cidr: '192.168.9.9/32' } }], ports: [{ port: 'metrics' }, { port: 9100 }] }],
      }),
      policyIn('qa', {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [{ to: [{ ipBlock: { cidr: '192.168.9.9/32' } }] }],
      }),
    ],
    cells: ['dev/client > prod/agent 9100/TCP: allow', 'qa/client > prod/agent 9100/TCP: allow'],
  },
  {
    says: '"Traffic to/from hostNetwork pods is treated the same as all other traffic to/from the node IP"',
    shows: 'from the node too, to a port that the pod has a name for',
    policies: [
      out('prod', 'web', { ingress: [{ from: [{ ipBlock: { cidr: '192.168.9.0/28' } }], ports: [{ port: 'http' }] }] }),
    ],
    cells: ['prod/agent > prod/web 80/TCP: allow', 'dev/client > prod/web 80/TCP: deny'],
  },
  {
    says: '"apply NetworkPolicy to hostNetwork pods just like … pod-network pods", or else ignore them',
    shows: 'between two of them, either way lets it through: a plugin that sees the one sees the other',
    policies: [
      out('prod', 'agent', {
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [logger] }],
        egress: [{ to: [logger] }],
      }),
    ],
    cells: [
      'dev/logger > prod/agent 9100/TCP: allow',
      'prod/agent > dev/logger 80/TCP: allow',
      'dev/client > prod/agent 9100/TCP: unknown',
    ],
  },
  {
    says: "A host outside the cluster is on no pod's node: its traffic to other pods is denied for sure.",
    policies: [policyIn('prod', { podSelector: {} })],
    cells: ['host:office > prod/web 80/TCP: deny', 'host:office > prod/agent 80/TCP: unknown'],
  },
];
