import type { Labels, World, WorldPod } from '../../../src/model/world.ts';
import { policyIn, type RawPeer } from '../manifest.ts';
import { app, letOut } from './policies.ts';
import type { Row } from './row.ts';
import { SERVED } from './world.ts';

const withServers = (labels: Labels, pods: readonly Omit<WorldPod, 'namespace'>[]): World => ({
  ...SERVED,
  namespaces: SERVED.namespaces.map((one) => (one.name === 'kube-system' ? { ...one, labels } : one)),
  pods: [...SERVED.pods, ...pods.map((pod) => ({ ...pod, namespace: 'kube-system' }))],
});
const server = (name: string, ...addresses: readonly string[]) => ({
  ...{ name, labels: { 'k8s-app': 'kube-dns', pod: name } },
  addresses,
});
const named = { namespaceSelector: { matchLabels: { name: 'kube-system' } } };
const ask = [{ port: 53, protocol: 'UDP' }];
const asking = (...peers: readonly RawPeer[]) => letOut({ to: [app('web')] }, { to: peers, ports: ask });
const toOne = (verdict: string) => [`prod/client > dns:prod/one 80/TCP: ${verdict}`];

/** The DNS pods as the world has them: `--namespace=kube-system -l k8s-app=kube-dns`. */
const SERVERS: readonly Row[] = [
  {
    says: 'The DNS pods that are written are those that are asked',
    shows: 'with the labels of their namespace',
    policies: [asking(named)],
    world: withServers({ name: 'kube-system' }, [server('a')]),
    cells: toOne('allow'),
  },
  {
    says: 'The DNS pods that are written are those that are asked',
    shows: 'other pods of kube-system are none',
    policies: [asking({ ...named, podSelector: { matchLabels: { pod: 'metrics' } } })],
    world: withServers({ name: 'kube-system' }, [{ name: 'metrics', labels: { pod: 'metrics' } }]),
    cells: toOne('deny'),
  },
  {
    says: 'The DNS pods that are written are those that are asked',
    shows: 'any of them: where policies tell them apart, nothing is sure',
    policies: [asking({ ...named, podSelector: { matchLabels: { pod: 'a' } } })],
    world: withServers({ name: 'kube-system' }, [server('a'), server('b')]),
    cells: toOne('unknown'),
  },
  {
    says: 'The DNS pods that are written are those that are asked',
    shows: 'at their addresses',
    policies: [asking({ ipBlock: { cidr: '10.2.0.0/24' } })],
    world: withServers({}, [server('a', '10.2.0.1'), server('b', '10.2.0.2')]),
    cells: toOne('allow'),
  },
  {
    says: '"both the egress policy on the source pod and the ingress policy on the destination pod need to allow"',
    shows: 'of the DNS pods as well',
    policies: [policyIn('kube-system', { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] })],
    world: withServers({}, [server('a')]),
    cells: toOne('deny'),
  },
  {
    says: '"both the egress policy on the source pod and the ingress policy on the destination pod need to allow"',
    shows: 'of the DNS pods, which let everyone ask',
    policies: [policyIn('kube-system', { podSelector: {}, ingress: [{ ports: ask }] })],
    world: withServers({}, [server('a')]),
    cells: toOne('allow'),
  },
  {
    says: 'The DNS pods that the cluster has are those that are asked',
    shows: 'whatever pods are written',
    policies: [asking(named)],
    world: {
      ...withServers({ name: 'kube-system' }, [server('a')]),
      dns: { namespace: { name: 'dns-system' }, pods: [server('b')] },
    },
    cells: toOne('deny'),
  },
  {
    says: 'The DNS pods that the cluster has are those that are asked',
    shows: 'where nobody knows which they are, nothing is sure but what is open',
    policies: [asking(named)],
    world: { ...SERVED, dns: { namespace: { name: 'kube-system' }, pods: [] } },
    cells: [...toOne('unknown'), 'dev/client > dns:prod/one 80/TCP: allow'],
  },
  {
    says: 'The DNS pods that the cluster has are those that are asked',
    shows: 'in the families that lookups use',
    policies: [asking({ ipBlock: { cidr: '0.0.0.0/0' } })],
    world: { ...SERVED, dns: { namespace: { name: 'x' }, pods: [{ name: 'a' }], families: ['IPv4', 'IPv6'] } },
    cells: toOne('unknown'),
  },
];

/** --service-cluster-ip-range "must not overlap with any IP ranges assigned to nodes or pods". */
const RANGES: readonly Row[] = [
  {
    says: '"must not overlap with any IP ranges assigned to nodes or pods"',
    shows: 'who lets out to the address of the DNS Service lets nobody ask',
    policies: [asking({ ipBlock: { cidr: '10.96.0.10/32' } })],
    cells: toOne('deny'),
  },
  {
    says: '"must not overlap with any IP ranges assigned to nodes or pods"',
    shows: "kind's range is 10.96.0.0/16, and kubeadm's goes further: there nothing is sure",
    policies: [asking({ ipBlock: { cidr: '10.97.0.0/16' } })],
    cells: toOne('unknown'),
  },
  {
    says: '"must not overlap with any IP ranges assigned to nodes or pods"',
    shows: 'what is left beside the range may be an address of a pod',
    policies: [asking({ ipBlock: { cidr: '10.96.0.0/15' } })],
    cells: toOne('unknown'),
  },
  {
    says: '"must not overlap with any IP ranges assigned to nodes or pods"',
    shows: 'with exceptions for all that is left beside the range',
    policies: [asking({ ipBlock: { cidr: '10.96.0.0/14', except: ['10.97.0.0/16', '10.98.0.0/15'] } })],
    cells: toOne('deny'),
  },
  {
    says: '"must not overlap with any IP ranges assigned to nodes or pods"',
    shows: 'so an exception for the range takes no pod away',
    policies: [asking({ ipBlock: { cidr: '0.0.0.0/0', except: ['10.96.0.0/17', '10.96.128.0/17'] } })],
    cells: toOne('allow'),
  },
  {
    says: '"must not overlap with any IP ranges assigned to nodes or pods"',
    shows: 'the range that the world has, and no other',
    policies: [asking({ ipBlock: { cidr: '10.96.0.10/32' } }), asking({ ipBlock: { cidr: '10.43.1.0/24' } })],
    world: { ...SERVED, serviceRanges: ['10.43.0.0/16'] },
    cells: toOne('unknown'),
  },
  {
    says: '"must not overlap with any IP ranges assigned to nodes or pods"',
    shows: 'a default in which somebody has an address is none',
    policies: [asking({ ipBlock: { cidr: '10.96.0.10/32' } })],
    world: { ...SERVED, hosts: [{ name: 'office', addresses: ['10.96.255.255'] }] },
    cells: toOne('unknown'),
  },
];

export const DNS_SERVERS: readonly Row[] = [...SERVERS, ...RANGES].map((row) => ({ world: SERVED, ...row }));
