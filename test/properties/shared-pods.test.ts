import { expect } from 'chai';
import fc from 'fast-check';
import { runGroups } from '../../src/run/group.ts';
import { probeKey, type Scenario } from '../../src/scenario/index.ts';
import type { RawPeer, RawSpec } from '../naive/manifest.ts';
import { fakePool, fakeStage, policyOf, scenarioOf } from '../unit/run/fake-stage.ts';

const NAMESPACES = ['prod', 'dev'];
const PODS = ['p', 'q', 'r', 's'];
const ROLES = ['a', 'b'];

const role = fc.constantFrom(...ROLES).map((value) => ({ matchLabels: { role: value } }));
const peers = fc.array(
  fc.record({ podSelector: role, namespaceSelector: fc.constantFrom({}) }) as fc.Arbitrary<RawPeer>,
  { maxLength: 2 },
);
const specs: fc.Arbitrary<RawSpec> = fc.record({
  podSelector: fc.oneof(role, fc.constant({})),
  ingress: peers.map((from) => from.map((one) => ({ from: [one] }))),
});

/** Some of eight pods, with any labels. */
const topologies = fc
  .tuple(
    ...NAMESPACES.map((name) =>
      fc.tuple(
        fc.constant(name),
        fc.subarray(PODS, { minLength: 2 }),
        fc.array(fc.constantFrom(...ROLES), { minLength: 4, maxLength: 4 }),
      ),
    ),
  )
  .map((parts) => ({
    ...{ hosts: [], nodes: [], services: [] },
    namespaces: parts.map(([namespace, pods, roles]) => ({
      name: namespace,
      labels: {},
      pods: pods.map((name, at) => ({
        ...{ endpoint: `${namespace}/${name}`, namespace, name, labels: { role: roles[at] ?? '' } },
        ports: [{ number: 80, protocol: 'TCP' as const }],
      })),
    })),
  }));

const scenarios: fc.Arbitrary<readonly Scenario[]> = fc
  .array(
    fc.record({
      steps: fc.array(fc.record({ topology: topologies, specs: fc.array(specs, { maxLength: 2 }) }), {
        minLength: 1,
        maxLength: 2,
      }),
    }),
    { minLength: 2, maxLength: 6 },
  )
  .map((all) =>
    all.map(({ steps }, index) =>
      scenarioOf(
        `s${index}`,
        steps.map(({ topology, specs: own }) => ({
          topology,
          policies: own.map((spec, at) => policyOf(`p${at}`, spec, NAMESPACES[at])),
        })),
        steps[0]?.topology,
      ),
    ),
  );

/** What a run says of each cell, and how many deployments it took. */
const outcomeOf = async (all: readonly Scenario[]) => {
  const deployments = fakePool();
  const results = await runGroups(all, fakeStage({ deployments }));
  const cells = results.flatMap(({ name, status, steps }) => [
    `${name} ${status}`,
    ...steps.flatMap((step) =>
      step.cells.map((cell) => `${name}, ${step.name}: ${probeKey(cell)} ${cell.observed} ${cell.status}`),
    ),
  ]);
  return { cells, deployed: deployments.created.length };
};

describe('pods that scenarios share', function () {
  this.timeout(60_000);

  it('change no verdict, whatever comes, goes and is relabelled in between', async () => {
    let [shared, own] = [0, 0];
    await fc.assert(
      fc.asyncProperty(scenarios, async (all) => {
        const together = await outcomeOf(all);
        const alone = await Promise.all(all.map((one) => outcomeOf([one])));
        expect(together.cells).to.deep.equal(alone.flatMap(({ cells }) => cells));
        shared += together.deployed;
        own += all.length;
      }),
      { numRuns: 30 },
    );
    expect(shared, 'enough of them share').to.be.below(own * 0.75);
  });
});
