import { expect } from 'chai';
import fc from 'fast-check';
import type { ClusterNamespace, ClusterPod, ClusterState } from '../../../src/capture/cluster-state.ts';
import { condense, createLikeCell } from '../../../src/capture/index.ts';
import type { Port, Probe, WorldPod } from '../../../src/model/index.ts';
import { policies, worlds } from '../../naive/arbitrary.ts';
import { decideNaively } from '../../naive/decide.ts';
import type { RawPolicy } from '../../naive/manifest.ts';
import { readRaw, worldOfPods, worldOfScenario } from './small-world.ts';

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
const clusters = fc
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

const cellsOf = (pods: readonly ClusterPod[]): readonly Probe[] =>
  pods.flatMap(({ endpoint: from }) =>
    pods.flatMap(({ endpoint: to, ports }) =>
      from === to ? [] : ports.map(({ number, protocol }) => ({ from, to, port: number, protocol })),
    ),
  );

describe('condense', () => {
  it('keeps a cell for each cell of the cluster, and the specification says the same of both', () => {
    let merged = 0;
    let compared = 0;
    fc.assert(
      fc.property(clusters, ({ state, manifests }) => {
        const condensed = condense(state, 1000);
        const like = createLikeCell(state, condensed);
        const [large, small] = [worldOfPods(state.namespaces, state.pods), worldOfScenario(condensed)];
        const kept = condensed.policies.map(({ manifest }) => manifest as unknown as RawPolicy);
        merged += state.pods.length - small.pods.length;
        for (const cell of cellsOf(state.pods)) {
          const found = like(cell);
          if (!found) {
            // Two pods can't share the one address that a /32 names, and a pod in its node's network gets none at all.
            const onNode = state.pods.some((pod) => pod.hostNetwork && [cell.from, cell.to].includes(pod.endpoint));
            expect(onNode || condensed.unpinned.size > 0, `nothing for ${JSON.stringify(cell)}`).to.equal(true);
            continue;
          }
          compared += 1;
          const verdicts = [decideNaively(manifests, large, cell), decideNaively(kept, small, found)];
          expect(verdicts[1], `${JSON.stringify(cell)} as ${JSON.stringify(found)}`).to.equal(verdicts[0]);
        }
      }),
      { numRuns: 100 },
    );
    expect(merged).to.be.greaterThan(0);
    expect(compared).to.be.greaterThan(1000);
  });
});
