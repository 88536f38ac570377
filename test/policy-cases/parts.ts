/** How a part becomes a manifest, which parts the API server takes, and which it refuses. */
export type Groups = Readonly<
  Record<
    string,
    readonly [wrap: (fragment: unknown) => unknown, taken: readonly unknown[], refused: readonly unknown[]]
  >
>;

/** A manifest around its part that matters. `undefined` leaves a field out. */
export const policy = (spec: unknown, more: object = {}): unknown => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'case', namespace: 'default' },
  ...(spec !== undefined && { spec }),
  ...more,
});
export const rule = (fragment: unknown): unknown => policy({ podSelector: {}, ingress: [fragment] });
export const port = (fragment: unknown): unknown => rule({ ports: [fragment] });
export const peer = (fragment: unknown): unknown => rule({ from: [fragment] });
export const selector = (fragment: unknown): unknown => policy({ podSelector: fragment });
export const labels = (fragment: unknown): unknown => selector({ matchLabels: fragment });
export const expression = (fragment: unknown): unknown => selector({ matchExpressions: [fragment] });
export const block = (fragment: unknown): unknown => peer({ ipBlock: fragment });
export const egress = (fragment: unknown): unknown => policy({ podSelector: {}, egress: [fragment] });
export const metadata = (fragment: unknown): unknown => policy({}, { metadata: fragment });
export const named = (fragment: unknown): unknown =>
  metadata({ name: 'case', namespace: 'default', ...(fragment as object) });
export const owner = (fragment: unknown): unknown =>
  named({
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'a', uid: 'b', ...(fragment as object) }],
  });
export const top = (fragment: unknown): unknown => policy({}, fragment as object);

export const letters = (count: number): string => 'a'.repeat(count);
