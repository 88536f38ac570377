import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { judgePredicted, predict } from '../../../src/matrix/index.ts';
import {
  type Expected,
  expectedIn,
  loadScenarios,
  probesIn,
  type ReadPolicy,
  type Scenario,
} from '../../../src/scenario/index.ts';

const FAMILIES = { paths: ['IPv4'], 'dual-stack': ['IPv4', 'IPv6'] } as const;
const folder = (name: string) => fileURLToPath(new URL(`../../../scenarios/${name}`, import.meta.url));

/** The cells that the model predicts otherwise than expected under these policies; what is left open is none. */
const wrongUnder = (
  { steps: [step] }: Scenario,
  policies: readonly ReadPolicy[],
  families: readonly ('IPv4' | 'IPv6')[],
): readonly string[] => {
  const { topology } = step;
  const expected = (step.expected ?? []) as Exclude<Expected, 'model' | null>;
  const wanted = expectedIn(expected, probesIn(topology, families), families);
  return judgePredicted(wanted, predict({ topology, policies, families }))
    .filter(({ status }) => !['match', 'self', 'open'].includes(status))
    .map(({ from, to, port }) => `${from} -> ${to} ${port}`);
};

for (const [name, families] of Object.entries(FAMILIES))
  describe(`scenarios/${name}`, () => {
    let scenarios: readonly Scenario[] = [];
    before(async () => {
      scenarios = await loadScenarios([folder(name)]);
    });

    it('expect, by hand, what the model predicts, except where Calico is known to differ', () => {
      for (const scenario of scenarios) {
        const known = scenario.name === 'node-egress' ? ['prod/web -> node:own 9103'] : [];
        expect(wrongUnder(scenario, scenario.steps[0]?.policies ?? [], families), scenario.name).to.deep.equal(known);
      }
    });

    it('fail without any one of their policies', () => {
      for (const scenario of scenarios) {
        const policies = scenario.steps[0]?.policies ?? [];
        const before = wrongUnder(scenario, policies, families).length;
        for (const policy of policies) {
          const others = policies.filter((other) => other !== policy);
          expect(
            wrongUnder(scenario, others, families),
            `${scenario.name} without ${policy.name}`,
          ).to.have.length.above(before);
        }
      }
    });
  });
