import { PodreachError } from '../errors.ts';
import { type Client, type KubeObject, pathOf } from '../kube/index.ts';
import { readPolicy } from '../model/index.ts';
import type { ReadPolicy } from '../scenario/index.ts';
import type { NamespaceLabels } from './live-topology.ts';

/** The policies that are in force in some namespaces, with what their selectors see of these. */
export interface LivePolicies {
  readonly policies: readonly ReadPolicy[];
  readonly labels: NamespaceLabels;
  /** Equal for two reads if nothing has changed between them. */
  readonly version: string;
}

/**
 * Reads the NetworkPolicies and the labels of namespaces. Returns null if the user may not read all of them, or if one
 * means something that podreach doesn't know: part of the policies explains nothing.
 */
export const readLivePolicies = async (
  client: Client,
  namespaces: readonly string[],
  signal?: AbortSignal,
): Promise<LivePolicies | null> => {
  try {
    const [lists, objects] = await Promise.all([
      Promise.all(namespaces.map((namespace) => client.list(pathOf('NetworkPolicy', { namespace }), { signal }))),
      Promise.all(namespaces.map((name) => client.get(pathOf('Namespace', { name }), { signal }))),
    ]);
    const found = lists.flat();
    const policies = found.map(livePolicy);
    if (policies.includes(null)) return null;
    const labels = new Map(objects.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));
    return {
      policies: policies.filter((policy) => policy !== null),
      labels,
      version: JSON.stringify([found.map(({ metadata, spec }) => [metadata.uid, spec]), [...labels]]),
    };
  } catch (error) {
    if (signal?.aborted || !(error instanceof PodreachError)) throw error;
    return null;
  }
};

/** Null if it means something that podreach doesn't know. As a manifest would say it: a list leaves out the kind of its items, and the server's own fields say nothing here. */
export const livePolicy = ({ metadata, spec }: KubeObject): ReadPolicy | null => {
  const { name, namespace = 'default' } = metadata;
  const manifest = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec,
  };
  const read = readPolicy(manifest, () => undefined);
  return read && { name, namespace, manifest, file: '', line: 1, spec: read };
};
