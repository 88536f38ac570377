/** A NetworkPolicy manifest as YAML gives it: every field may be missing, and null counts as missing. */
export interface RawPolicy {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string | null };
  spec?: RawSpec | null | undefined;
}

export interface RawSpec {
  podSelector?: RawSelector | null | undefined;
  policyTypes?: readonly string[] | null | undefined;
  ingress?: readonly RawRule[] | null | undefined;
  egress?: readonly RawRule[] | null | undefined;
}

/** `from` for ingress, `to` for egress. */
export interface RawRule {
  from?: readonly RawPeer[] | null | undefined;
  to?: readonly RawPeer[] | null | undefined;
  ports?: readonly RawPort[] | null | undefined;
}

export interface RawPeer {
  podSelector?: RawSelector | null | undefined;
  namespaceSelector?: RawSelector | null | undefined;
  ipBlock?: { cidr: string; except?: readonly string[] | null } | null | undefined;
}

export interface RawPort {
  protocol?: string | null | undefined;
  port?: number | string | null | undefined;
  endPort?: number | null | undefined;
}

export interface RawSelector {
  matchLabels?: Readonly<Record<string, string>> | null | undefined;
  matchExpressions?: readonly RawExpression[] | null | undefined;
}

export interface RawExpression {
  key: string;
  operator: string;
  values?: readonly string[] | null | undefined;
}

/** A policy of a namespace; of none where the namespace is null, so that it lands in `default`. */
export const policyIn = (namespace: string | null, spec: RawSpec, name = 'p'): RawPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: namespace === null ? { name } : { name, namespace },
  spec,
});
