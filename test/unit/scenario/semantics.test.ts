import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { judgePredicted, predict, warningsOf } from '../../../src/matrix/index.ts';
import { loadScenarios, type ReadPolicy, type Scenario, topologyKey } from '../../../src/scenario/index.ts';

const folder = (name: string) => fileURLToPath(new URL(`../../../scenarios/${name}`, import.meta.url));

/** The cells that are not as expected under these policies. */
const wrongUnder = ({ steps: [step] }: Scenario, policies: readonly ReadPolicy[]): number => {
  const cells = judgePredicted(step.expected, predict({ ...step, policies }));
  return cells.filter(({ status }) => status !== 'match' && status !== 'self').length;
};

for (const [name, topologies, aboutWarnings] of [
  ['semantics', 4, 14],
  ['recipes', 2, 0],
] as const)
  describe(`scenarios/${name}`, () => {
    let scenarios: readonly Scenario[] = [];
    let warned: ReadonlySet<Scenario>;
    before(async () => {
      scenarios = await loadScenarios([folder(name)]);
      warned = new Set(scenarios.filter((scenario) => warningsOf(scenario).length > 0));
    });

    it('expect, by hand, what the model predicts in every cell', () => {
      for (const scenario of scenarios)
        expect(wrongUnder(scenario, scenario.steps[0]?.policies ?? []), scenario.name).to.equal(0);
    });

    it('fail without any one of their policies, except for the one that isolates nothing', () => {
      const idle = scenarios.flatMap((scenario) => {
        const policies = scenario.steps[0]?.policies ?? [];
        return policies.some(
          (policy) =>
            wrongUnder(
              scenario,
              policies.filter((other) => other !== policy),
            ) === 0,
        )
          ? scenario.name
          : [];
      });
      expect(idle).to.deep.equal(name === 'semantics' ? ['no-such-pod'] : []);
    });

    it('share few topologies, so that their pods are used again', () => {
      expect(new Set(scenarios.map(({ steps: [{ topology }] }) => topologyKey(topology)))).to.have.property(
        'size',
        topologies,
      );
    });

    it('have warnings only if a warning is the point', () => {
      expect(warned).to.have.property('size', aboutWarnings);
    });

    if (name === 'semantics')
      it('have a line each in their README.md, with the warnings marked', async () => {
        const readme = await readFile(`${folder(name)}/README.md`, 'utf8');
        const lines = [...readme.matchAll(/^\| ([a-z][a-z0-9-]+)( ⚠)? \|/gm)];
        const named = lines.map(([, one, mark]) => `${one}${mark ?? ''}`).filter((one) => one !== 'scenario');
        const expected = scenarios.map((scenario) => `${scenario.name}${warned.has(scenario) ? ' ⚠' : ''}`);
        expect(named.sort()).to.deep.equal(expected.sort());
      });
  });
