/** Objects of the simulated cluster, in the shapes of the Kubernetes API; only what the simulation reads is typed. */
export type Json = Readonly<Record<string, unknown>>;

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec?: Json;
  readonly status?: Json;
}

/** Where an object is served: `api/v1` and `pods`, with its namespace where it has one. */
export interface Collection {
  readonly group: string;
  readonly plural: string;
  readonly namespace?: string | undefined;
}

export interface PodSpec {
  readonly nodeName?: string;
  readonly hostNetwork?: boolean;
  readonly hostname?: string;
  readonly containers: readonly {
    readonly name: string;
    readonly env?: readonly { readonly name: string; readonly value?: string }[];
    readonly ports?: readonly { readonly containerPort: number; readonly protocol?: string; readonly name?: string }[];
  }[];
}

export interface Pod extends KubeObject {
  readonly spec: PodSpec & Json;
  readonly status?: { readonly podIP?: string; readonly podIPs?: readonly { readonly ip: string }[] } & Json;
}

const matches = (labels: Readonly<Record<string, string>>, requirement: string): boolean => {
  const [, key = '', operator, value] = /^([^=!]+?)(==?|!=)(.*)$/.exec(requirement) ?? [];
  if (operator !== undefined) return (labels[key] === value) === (operator !== '!=');
  return requirement.startsWith('!') ? !(requirement.slice(1) in labels) : requirement in labels;
};

/** Reads `a=b,c,!d`, as the API writes label selectors; nothing selects all. */
export const selectedBy = (selector: string | null, { metadata }: KubeObject): boolean =>
  (selector ?? '')
    .split(',')
    .filter((requirement) => requirement !== '')
    .every((requirement) => matches(metadata.labels ?? {}, requirement));
