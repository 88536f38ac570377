import { PodreachError } from '../../errors.ts';
import { kindOf, quoted } from '../../text.ts';
import type { NetworkPolicy, Path, Place } from '../policy.ts';
import { readMetadata } from './metadata.ts';
import { readSpec, SPEC_KEYS } from './spec.ts';
import { at, TOP } from './spot.ts';
import { type Belongs, type Mapping, readMapping, type Tell } from './value.ts';

/** A reason why the API server would refuse a policy. */
export interface PolicyProblem {
  readonly path: Path;
  /** Whether to point at the key that the path ends with instead of its value. */
  readonly onKey: boolean;
  readonly message: string;
}

export interface ReadOptions {
  /** The namespace for a policy that names none; default `default`. */
  readonly namespace?: string;
  /** The place of a part of the manifest. */
  readonly placeOf?: (path: Path) => Place;
}

/**
 * Reads a NetworkPolicy manifest, plain data from YAML or JSON, and fills in defaults as
 * https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/ describes. If the API server
 * would refuse it, reports each reason once and returns null. A `status`, which older servers wrote, is ignored.
 */
export const readPolicy = (
  manifest: unknown,
  tell: (problem: PolicyProblem) => void,
  { namespace = 'default', placeOf }: ReadOptions = {},
): NetworkPolicy | null => {
  let isSound = true;
  const refuse: Tell = ({ path }, message, part) => {
    isSound = false;
    tell({ path, onKey: part === 'key', message });
  };
  const top = readMapping(manifest, null, TOP, refuse);
  if (!top || !isPolicy(top, refuse)) return null;
  readMapping(top, TOP_KEYS, TOP, refuse, belongsAtTop);
  const names = readMetadata(top.metadata ?? {}, namespace, refuse);
  const rules = readSpec(top.spec ?? {}, refuse);
  if (!isSound || !names || !rules) return null;
  const { pods, ingress, egress, idle } = rules;
  const policy = { name: names.name, namespace: names.namespace, pods, ingress, egress, idle };
  return placeOf ? { ...policy, placeOf } : policy;
};

/** Reads many manifests. Throws one PodreachError that lists every problem of all of them, one per line. */
export const readPolicies = (manifests: readonly unknown[], options: ReadOptions = {}): readonly NetworkPolicy[] => {
  const lines: string[] = [];
  const policies: NetworkPolicy[] = [];
  for (const [index, manifest] of manifests.entries()) {
    const policy = readPolicy(
      manifest,
      ({ path, message }) =>
        lines.push(`${[nameOf(manifest, index, options), ...pathText(path)].join(', ')}: ${message}`),
      options,
    );
    if (policy) policies.push(policy);
  }
  if (lines.length > 0) throw new PodreachError(lines.join('\n'));
  return policies;
};

const TOP_KEYS = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];
const METADATA_KEYS = ['name', 'namespace', 'labels', 'annotations'];

const belongsAtTop: Belongs = (key) => {
  const home = SPEC_KEYS.includes(key) ? 'spec' : METADATA_KEYS.includes(key) ? 'metadata' : null;
  return home && `${quoted(key)} belongs under ${home}`;
};

const HEAD = [
  ['apiVersion', 'networking.k8s.io/v1'],
  ['kind', 'NetworkPolicy'],
] as const;

const WRITE = 'apiVersion "networking.k8s.io/v1"';

/** Whether to read on: in another kind of object, further problems would not help; in another version they do. */
const isPolicy = (top: Mapping, tell: Tell): boolean => {
  if (top.apiVersion === 'extensions/v1beta1' && top.kind === 'NetworkPolicy') {
    tell(at(TOP, 'apiVersion'), `${top.apiVersion} NetworkPolicy was removed in Kubernetes 1.16: write ${WRITE}`);
    return true;
  }
  let isOther = false;
  for (const [key, word] of HEAD) {
    const value = top[key] ?? null;
    if (value === word) continue;
    isOther ||= value !== null;
    const got = typeof value === 'string' ? quoted(value) : kindOf(value);
    tell(value === null ? TOP : at(TOP, key), `expected ${key} ${quoted(word)}, got ${got}`);
  }
  return !isOther || (top.kind === 'NetworkPolicy' && /^networking\.k8s\.io\//.test(String(top.apiVersion)));
};

/** `policy "prod/x"`, or its position from 0 if it has no name. */
const nameOf = (manifest: unknown, index: number, { namespace: fallback = 'default' }: ReadOptions): string => {
  const { name, namespace } = Object(Object(manifest).metadata);
  if (typeof name !== 'string' || name === '') return `policy ${index}`;
  return `policy ${JSON.stringify(`${typeof namespace === 'string' && namespace ? namespace : fallback}/${name}`)}`;
};

/** `spec.ingress[0].matchLabels["a/b"]`; nothing for the manifest itself. */
const pathText = (path: Path): readonly string[] => {
  const steps = path.map((step) => (/^[a-z]\w*$/i.test(String(step)) ? `.${step}` : `[${JSON.stringify(step)}]`));
  return steps.length === 0 ? [] : [steps.join('').replace(/^\./, '')];
};
