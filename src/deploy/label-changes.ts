import { PodreachError } from '../errors.ts';
import { type Client, type KubeObject, pathOf } from '../kube/index.ts';
import { NAME_LABEL, type NetworkPolicy, type Selector } from '../model/index.ts';
import { podsOf, type Topology } from '../scenario/index.ts';
import { listedSentences } from '../text.ts';
import { listedPods } from './listed-pods.ts';

type Labels = Readonly<Record<string, string>>;

/** Where the pods and namespaces of a topology are in the cluster. */
export interface LabelledThings {
  readonly topology: Topology;
  /** Maps a scenario's namespace to the cluster's. */
  readonly namespaceOf: (name: string) => string;
}

/**
 * Reads the labels of all pods and namespaces. Throws a PodreachError that lists those that differ from the scenario's,
 * in a key that one of these policies asks for: an admission webhook or an operator may set labels, and the policies
 * then don't mean what the scenario says. Other keys don't matter and are ignored.
 */
export const requireLabels = async (
  client: Client,
  { topology, namespaceOf }: LabelledThings,
  policies: readonly NetworkPolicy[],
  signal?: AbortSignal,
): Promise<void> => {
  const asked = askedKeys(policies);
  if (asked.pods.size + asked.namespaces.size === 0) return;
  const places = podsOf(topology).map((pod) => ({ pod, namespace: namespaceOf(pod.namespace) }));
  const [pods, namespaces] = await Promise.all([
    asked.pods.size > 0 ? listedPods(client, places, signal) : new Map<string, KubeObject>(),
    asked.namespaces.size > 0 ? client.list(pathOf('Namespace'), { signal }) : [],
  ]);
  const byName = new Map(namespaces.map((one) => [one.metadata.name, one]));
  const changes = [
    ...places.flatMap(({ pod, namespace }) =>
      changesOf(`pod ${pod.endpoint}`, pod.labels, pods.get(`${namespace}/${pod.name}`), asked.pods),
    ),
    ...topology.namespaces.flatMap(({ name, labels }) =>
      changesOf(`namespace ${name}`, labels, byName.get(namespaceOf(name)), asked.namespaces),
    ),
  ];
  if (changes.length === 0) return;
  throw new PodreachError(
    `labels are not those of the scenario, so nothing is judged: ${listedSentences(changes, CHANGES_SHOWN)}`,
    { hint: 'find out who else sets labels: an admission webhook, an operator, a person' },
  );
};

const CHANGES_SHOWN = 5;

/** The label keys that selectors ask for. The label with a namespace's name belongs to the API server. */
const askedKeys = (policies: readonly NetworkPolicy[]) => {
  const pods = new Set<string>();
  const namespaces = new Set<string>();
  const add = (keys: Set<string>, selector: Selector | null): void => {
    for (const { key } of selector?.requirements ?? []) keys.add(key);
  };
  for (const policy of policies) {
    add(pods, policy.pods);
    for (const { peers } of [...(policy.ingress ?? []), ...(policy.egress ?? [])])
      for (const peer of peers ?? []) {
        if (peer.kind !== 'pods') continue;
        add(pods, peer.pods);
        add(namespaces, peer.namespaces);
      }
  }
  namespaces.delete(NAME_LABEL);
  return { pods, namespaces };
};

/** Things that are gone are reported elsewhere. */
const changesOf = (
  what: string,
  wanted: Labels,
  found: KubeObject | undefined,
  keys: ReadonlySet<string>,
): readonly string[] => {
  if (!found) return [];
  const labels = found.metadata.labels ?? {};
  return [...keys]
    .filter((key) => labels[key] !== wanted[key])
    .map((key) => `${what} has ${labelText(key, labels[key])} instead of ${labelText(key, wanted[key])}`);
};

const labelText = (key: string, value: string | undefined): string =>
  value === undefined ? `no label ${key}` : `${key}=${value}`;
