type Json = Readonly<Record<string, unknown>>;

/**
 * The defaults that the API server fills into a NetworkPolicy, as in pkg/apis/networking/v1/defaults.go of Kubernetes
 * (SetDefaults_NetworkPolicyPort, SetDefaults_NetworkPolicy). The file has no other defaults for policies.
 */
const DEFAULTS = {
  protocol: 'TCP',
  policyTypes: ({ egress }: Json): readonly string[] =>
    Array.isArray(egress) && egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'],
};

/**
 * The path where a policy's spec, read back, differs from what was sent: `spec.ingress[0].from`; null if both mean the
 * same. Null and an empty list count as equal, and so does an empty `matchLabels`, because the API server omits them in
 * its output (`omitempty` in k8s.io/api/networking/v1). An empty object elsewhere never does: `{}` in a list of rules
 * allows everything.
 */
export const differingPath = (sent: unknown, received: unknown): string | null =>
  compare(withDefaults(sent), withDefaults(received), 'spec');

const withDefaults = (spec: unknown): unknown => {
  if (!isObject(spec)) return spec;
  const types = spec.policyTypes;
  return {
    ...spec,
    podSelector: spec.podSelector ?? {},
    policyTypes: Array.isArray(types) && types.length > 0 ? types : DEFAULTS.policyTypes(spec),
    ingress: each(spec.ingress, withProtocols),
    egress: each(spec.egress, withProtocols),
  };
};

const withProtocols = (rule: Json): Json => ({
  ...rule,
  ports: each(rule.ports, (port) => ({ ...port, protocol: port.protocol ?? DEFAULTS.protocol })),
});

const each = (list: unknown, change: (item: Json) => Json): unknown =>
  Array.isArray(list) ? list.map((item) => (isObject(item) ? change(item) : item)) : list;

const compare = (sent: unknown, received: unknown, path: string): string | null => {
  if (Array.isArray(sent) && Array.isArray(received)) {
    if (sent.length !== received.length) return path;
    return first(sent.map((item, index) => () => compare(item, received[index], `${path}[${index}]`)));
  }
  if (isObject(sent) && isObject(received)) {
    const keys = new Set([...Object.keys(sent), ...Object.keys(received)]);
    return first([...keys].map((key) => () => compareMember(key, sent[key], received[key], `${path}.${key}`)));
  }
  return Object.is(sent, received) ? null : path;
};

const compareMember = (key: string, sent: unknown, received: unknown, path: string): string | null =>
  saysNothing(key, sent) && saysNothing(key, received) ? null : compare(sent, received, path);

const saysNothing = (key: string, value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  (key === 'matchLabels' && isObject(value) && Object.keys(value).length === 0);

const first = (comparisons: readonly (() => string | null)[]): string | null => {
  for (const comparison of comparisons) {
    const path = comparison();
    if (path !== null) return path;
  }
  return null;
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
