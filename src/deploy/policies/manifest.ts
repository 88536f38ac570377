import type { Manifest } from '../../kube/index.ts';
import type { Policy } from '../../scenario/index.ts';

/** Maps a scenario's namespace name to the cluster's; returns a name that is not the scenario's unchanged. */
export type Rename = (namespace: string) => string;

type Json = Readonly<Record<string, unknown>>;

/** Set by the API server on every namespace to its name (KEP-2161). */
const NAME_LABEL = 'kubernetes.io/metadata.name';

/**
 * The policy as sent: the file's document, unchanged except for the two places that name a namespace. Everything that
 * needs no change is the same object, so that nothing can get lost on the way.
 */
export const policyManifest = ({ manifest, namespace }: Policy, rename: Rename): Manifest => ({
  ...manifest,
  metadata: { ...(manifest.metadata as Json), namespace: rename(namespace) },
  ...(isObject(manifest.spec) && { spec: renameSpec(manifest.spec, rename) }),
});

const renameSpec = (spec: Json, rename: Rename): Json => ({
  ...spec,
  ...('ingress' in spec && { ingress: each(spec.ingress, (rule) => renamePeers(rule, 'from', rename)) }),
  ...('egress' in spec && { egress: each(spec.egress, (rule) => renamePeers(rule, 'to', rename)) }),
});

const renamePeers = (rule: Json, side: 'from' | 'to', rename: Rename): Json =>
  side in rule ? { ...rule, [side]: each(rule[side], (peer) => renamePeer(peer, rename)) } : rule;

const renamePeer = (peer: Json, rename: Rename): Json =>
  isObject(peer.namespaceSelector)
    ? { ...peer, namespaceSelector: renameSelector(peer.namespaceSelector, rename) }
    : peer;

const renameSelector = (selector: Json, rename: Rename): Json => ({
  ...selector,
  ...(isObject(selector.matchLabels) && { matchLabels: renameLabels(selector.matchLabels, rename) }),
  ...('matchExpressions' in selector && {
    matchExpressions: each(selector.matchExpressions, (requirement) => renameValues(requirement, rename)),
  }),
});

const renameLabels = (labels: Json, rename: Rename): Json => {
  const name = labels[NAME_LABEL];
  return typeof name === 'string' ? { ...labels, [NAME_LABEL]: rename(name) } : labels;
};

const renameValues = (requirement: Json, rename: Rename): Json =>
  requirement.key === NAME_LABEL && Array.isArray(requirement.values)
    ? { ...requirement, values: requirement.values.map((value) => (typeof value === 'string' ? rename(value) : value)) }
    : requirement;

/** Maps the items of what should be a list; leaves anything else alone, for the API server to refuse. */
const each = (list: unknown, change: (item: Json) => Json): unknown =>
  Array.isArray(list) ? list.map((item) => (isObject(item) ? change(item) : item)) : list;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
