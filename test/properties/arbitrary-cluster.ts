/** Random clusters. */
import fc from 'fast-check';
import type { ClusterNamespace, ClusterPod, ClusterState } from '../../src/capture/cluster-state.ts';
import type { Port, WorldPod } from '../../src/model/index.ts';
import { policies, worlds } from '../naive/arbitrary.ts';
import type { RawPolicy } from '../naive/manifest.ts';
import { readRaw } from './small-world.ts';

const SUBNETS = ['10.0.0.', '10.0.1.', '192.168.0.', '172.16.0.'];

const podIn = (
  { namespace, name, labels = {}, ports = [], hostNetwork = false }: WorldPod,
  at: number,
): ClusterPod => ({
  ...{ endpoint: `${namespace}/${name}`, namespace, labels, hostNetwork, workload: name },
  ports: uniquePorts(ports),
  addresses: [`${SUBNETS[at % SUBNETS.length]}${at + 1}`],
});

/** As a scenario may have them: no number and no name twice. */
const uniquePorts = (ports: readonly Port[]): readonly Port[] => {
  const byNumber = [...new Map(ports.map((port) => [`${port.number}/${port.protocol}`, port])).values()];
  return [...new Map(byNumber.map((port) => [port.name ?? `${port.number}/${port.protocol}`, port])).values()];
};

/** A cluster in which each namespace has a twin with the same labels and policies, and other pods. */
export const clusters = fc
  .record({ one: worlds, twin: worlds, manifests: fc.array(policies, { minLength: 1, maxLength: 4 }) })
  .map(({ one, twin, manifests }): { readonly state: ClusterState; readonly manifests: readonly RawPolicy[] } => {
    const own = one.namespaces.map(({ name, labels = {} }): ClusterNamespace => ({ name, labels }));
    const twinned = (name: string) => `${name}-twin`;
    const clones = [...one.pods.slice(1), ...twin.pods.map((pod) => ({ ...pod, name: `${pod.name}-2` }))];
    const pods = [...one.pods, ...clones.map((pod) => ({ ...pod, namespace: twinned(pod.namespace) }))];
    const all = manifests.flatMap((manifest, at) => {
      const { namespace } = manifest.metadata;
      const name = `p${at}`;
      const place = namespace ?? 'default';
      return [place, twinned(place)].map((home) => ({ ...manifest, metadata: { name, namespace: home } }));
    });
    return {
      state: {
        namespaces: [...own, ...own.map(({ name, labels }) => ({ name: twinned(name), labels }))],
        pods: pods.map(podIn),
        services: [],
        policies: all.map(readRaw),
      },
      manifests: all,
    };
  });
