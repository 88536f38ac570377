/** What `podreach init` writes. */

/** A scenario whose topology and policies are manifests; its expectation is added afterwards. */
export const scenarioFrom = ({ schema, name, from, namespace }: FromTemplate): string =>
  `# yaml-language-server: $schema=${schema}
name: ${quotedIfNeeded(name)}
intent: What the policies do today. Review the grid, then say here what they are for.
from:
${from.map((path) => `  - ${quotedIfNeeded(path)}\n`).join('')}${namespace === undefined ? '' : `policyNamespace: ${quotedIfNeeded(namespace)}\n`}
# Add what no manifest has, for example a pod that should get nowhere:
# namespaces:
#   attacker:
#     pods:
#       client: {}
`;

/** A scenario without manifests, and its policy. */
export const exampleScenario = ({ schema, name }: Template): string =>
  `# yaml-language-server: $schema=${schema}
name: ${quotedIfNeeded(name)}
intent: Only the shop's own pods reach its database.

# The pods, by namespace. A port is 80, 53/UDP, or {name: http, port: 80}.
namespaces:
  shop:
    labels: {team: shop}
    pods:
      web: {labels: {app: web}, ports: [80]}
      db: {labels: {app: db}, ports: [5432]}
  other:
    pods:
      client: {}

# The policies under test: every manifest below policies/. Your own files work, too: policies: [../k8s/policies/*.yaml]

# What should happen. The last rule that matches a connection decides.
expect:
  default: allow
  rules:
    - deny: {to: shop/db}
    - allow: {from: shop/*, to: shop/db, port: 5432}
`;

export const EXAMPLE_POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db-from-shop
  namespace: shop
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector: {}
      ports:
        - port: 5432
`;

interface Template {
  /** Where the JSON Schema is: a URL, or a path from the scenario's folder. */
  readonly schema: string;
  readonly name: string;
}

interface FromTemplate extends Template {
  /** Paths from the scenario's folder. */
  readonly from: readonly string[];
  /** Of the objects that name none. */
  readonly namespace: string | undefined;
}

/** YAML takes a plain word for what it looks like; everything else is safe in JSON's quotes. */
export const quotedIfNeeded = (text: string): string =>
  /^(?!(?:true|false|null|yes|no|on|off|y|n|~)$)[A-Za-z.][A-Za-z0-9./_-]*$/i.test(text) ? text : JSON.stringify(text);
