import type { Collection, Json, KubeObject } from './objects.ts';

type Rule = Json & { readonly ports?: readonly Json[] };

const withProtocols = (rules: unknown): unknown =>
  Array.isArray(rules)
    ? (rules as readonly Rule[]).map(({ ports, ...rule }) => ({
        ...rule,
        ...(ports && { ports: ports.map((port) => ({ protocol: 'TCP', ...port })) }),
      }))
    : rules;

/** SetDefaults_NetworkPolicy of Kubernetes' pkg/apis/networking/v1/defaults.go. */
const policyDefaults = (spec: Json): Json => ({
  podSelector: {},
  policyTypes: Array.isArray(spec.egress) && spec.egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'],
  ...spec,
  ...('ingress' in spec && { ingress: withProtocols(spec.ingress) }),
  ...('egress' in spec && { egress: withProtocols(spec.egress) }),
});

let services = 10;
const serviceDefaults = (spec: Json, before: Json | undefined): Json => {
  services += 1;
  const [address] = (before?.clusterIPs as readonly string[] | undefined) ?? [`10.96.1.${services % 250}`];
  return { type: 'ClusterIP', clusterIP: address, clusterIPs: [address], ...spec };
};

/** What the API server adds to an object that is written. */
export const withDefaults = ({ plural }: Collection, object: KubeObject, before?: KubeObject): KubeObject => {
  const { metadata, spec } = object;
  switch (plural) {
    case 'namespaces': {
      const labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
      return { status: { phase: 'Active' }, ...object, metadata: { ...metadata, labels } };
    }
    case 'networkpolicies':
      return spec ? { ...object, spec: policyDefaults(spec) } : object;
    case 'services':
      return spec ? { ...object, spec: serviceDefaults(spec, before?.spec) } : object;
    case 'pods':
      return { status: { phase: 'Pending' }, ...object };
    default:
      return object;
  }
};
