import { expect } from 'chai';
import fc from 'fast-check';
import type { ClusterPod } from '../../src/capture/cluster-state.ts';
import { condense, createLikeCell } from '../../src/capture/index.ts';
import type { Probe } from '../../src/model/index.ts';
import { decideNaively } from '../naive/decide.ts';
import type { RawPolicy } from '../naive/manifest.ts';
import { clusters } from './arbitrary-cluster.ts';
import { worldOfPods, worldOfScenario } from './small-world.ts';

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
