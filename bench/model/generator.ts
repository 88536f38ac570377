import type { World, WorldNamespace, WorldPod } from '../../src/model/index.ts';

export interface Size {
  readonly namespaces: number;
  readonly pods: number;
  readonly policies: number;
}

/**
 * A cluster such as teams make it: each namespace belongs to a team and an environment and runs some applications of
 * several tiers, each a few replicas that differ only in a hash that no selector asks for; policies are a default deny
 * here and there, allowances within the namespace, from an ingress controller, from monitoring, to a database, to DNS,
 * to ranges outside. The same size gives the same cluster.
 */
export const generateCluster = (size: Size): { readonly world: World; readonly manifests: readonly unknown[] } => {
  const random = randomFrom(size.namespaces * 31 + size.pods * 7 + size.policies);
  const below = (count: number): number => Math.floor(random() * count);
  const namespaces = Array.from({ length: size.namespaces }, (_, at) => namespaceAt(at, below));
  const pods = Array.from({ length: size.pods }, (_, at) => podAt(at, size, below));
  const manifests = Array.from({ length: size.policies }, (_, at) => policyAt(at, size, below));
  return { world: { namespaces, pods }, manifests };
};

/** Park and Miller's generator: numbers from 0 to 1, the same for the same seed. */
const randomFrom = (seed: number): (() => number) => {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return (state - 1) / 2147483646;
  };
};

type Below = (count: number) => number;

const ENVIRONMENTS = ['prod', 'staging', 'dev'];
const TIERS = ['frontend', 'backend', 'worker', 'db'];
const PORTS = [
  { number: 80, protocol: 'TCP', name: 'http' },
  { number: 8080, protocol: 'TCP', name: 'api' },
  { number: 9090, protocol: 'TCP', name: 'metrics' },
  { number: 5432, protocol: 'TCP' },
  { number: 53, protocol: 'UDP', name: 'dns' },
  { number: 8443, protocol: 'TCP' },
] as const;
const REPLICAS = 3;

/** Every three pods of a namespace are an application of their own. */
const appsPerNamespace = ({ namespaces, pods }: Size): number => Math.max(1, Math.round(pods / namespaces / REPLICAS));

const namespaceName = (at: number): string => `team-${at}`;

const namespaceAt = (at: number, below: Below): WorldNamespace => ({
  name: namespaceName(at),
  labels: { team: `t${at % 200}`, environment: ENVIRONMENTS[below(3)] as string },
});

const podAt = (at: number, size: Size, below: Below): WorldPod => {
  const { namespaces } = size;
  const replicaSet = Math.floor(at / REPLICAS);
  const namespace = replicaSet % namespaces;
  const app = Math.floor(replicaSet / namespaces) % appsPerNamespace(size);
  return {
    namespace: namespaceName(namespace),
    name: `pod-${at}`,
    labels: {
      app: `app-${app}`,
      tier: TIERS[(namespace + app) % TIERS.length] as string,
      version: `v${replicaSet % 2}`,
      'pod-template-hash': `${(replicaSet * 2654435761) % 4294967296}-${below(1000)}`,
    },
    ports: PORTS,
    addresses: [`10.${at >>> 16}.${(at >>> 8) & 255}.${at & 255}`],
  };
};

const tcp = (port: number | string, endPort?: number) => ({ protocol: 'TCP', port, ...(endPort && { endPort }) });

const policyAt = (at: number, size: Size, below: Below): unknown => {
  const { namespaces } = size;
  const app = { matchLabels: { app: `app-${below(appsPerNamespace(size))}` } };
  const tier = { matchLabels: { tier: TIERS[below(4)] as string } };
  const environment = { matchLabels: { environment: ENVIRONMENTS[below(3)] as string } };
  const team = { matchLabels: { team: `t${below(200)}` } };
  const specs = [
    { podSelector: {}, policyTypes: ['Ingress'] },
    { podSelector: app, ingress: [{ from: [{ podSelector: tier }], ports: [tcp(80), tcp('api')] }] },
    { podSelector: app, ingress: [{ from: [{ namespaceSelector: team, podSelector: tier }], ports: [tcp(8080)] }] },
    { podSelector: {}, ingress: [{ from: [{ namespaceSelector: environment }], ports: [tcp('metrics')] }] },
    {
      podSelector: tier,
      policyTypes: ['Egress'],
      egress: [
        { to: [{ namespaceSelector: {} }], ports: [{ protocol: 'UDP', port: 53 }] },
        { to: [{ podSelector: app }, { namespaceSelector: team }], ports: [tcp(5432), tcp(8000, 9000)] },
      ],
    },
    {
      podSelector: { matchExpressions: [{ key: 'tier', operator: 'In', values: ['frontend', 'backend'] }] },
      ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/12', except: [`10.${below(16)}.0.0/16`] } }] }],
    },
    {
      podSelector: app,
      ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: 'version', operator: 'Exists' }] } }] }],
    },
  ];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `policy-${at}`, namespace: namespaceName(at % namespaces) },
    spec: specs[at % 7 === 0 ? 0 : 1 + below(specs.length - 1)],
  };
};
