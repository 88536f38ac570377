import type { ClusterPod } from '../../src/capture/cluster-state.ts';
import type { Condensed } from '../../src/capture/index.ts';
import type { World } from '../../src/model/index.ts';
import { readPolicy } from '../../src/model/index.ts';
import type { ReadPolicy } from '../../src/scenario/index.ts';
import type { RawPolicy } from '../naive/manifest.ts';

/** A policy as it is read from a cluster. */
export const readRaw = (manifest: RawPolicy): ReadPolicy => {
  const spec = readPolicy(manifest, ({ message }) => {
    throw new Error(message);
  });
  if (!spec) throw new Error('not a policy');
  const { name, namespace } = spec;
  return { name, namespace, manifest: { ...manifest }, file: '', line: 1, spec };
};

export const worldOfPods = (
  namespaces: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>> }[],
  pods: readonly ClusterPod[],
): World => ({
  namespaces,
  pods: pods.map(({ endpoint, ...pod }) => ({ ...pod, name: endpoint.split('/')[1] ?? '' })),
});

/** What a captured scenario has, as the model sees it. */
export const worldOfScenario = ({ namespaces }: Condensed): World => ({
  namespaces,
  pods: namespaces.flatMap(({ name: namespace, pods }) =>
    pods.map(({ name, labels, ports, address, standIn }) => ({
      ...{ namespace, name, labels, ports, hostNetwork: standIn.sample.hostNetwork },
      addresses: address === undefined ? [] : [address],
    })),
  ),
});
