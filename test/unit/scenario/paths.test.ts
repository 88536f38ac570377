import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type Cell, judgePredicted, predict } from '../../../src/matrix/index.ts';
import {
  expectedIn,
  familiesNamed,
  loadScenarios,
  probeKey,
  probesIn,
  type ReadPolicy,
  type Scenario,
} from '../../../src/scenario/index.ts';

const folder = fileURLToPath(new URL('../../../scenarios/paths', import.meta.url));

/** What the model says of a scenario under these policies, beside what is written. */
const cellsUnder = ({ topology, steps }: Scenario, policies: readonly ReadPolicy[]): readonly Cell[] => {
  const written = steps[0]?.expected;
  const expected = Array.isArray(written) ? written : expect.fail('nothing is written by hand');
  const named = [...familiesNamed(topology, expected)].sort();
  const families = named.length > 0 ? named : (['IPv4'] as const);
  const wanted = expectedIn(expected, probesIn(topology, families), families);
  return judgePredicted(wanted, predict({ topology, policies, families }));
};
const wrongIn = (cells: readonly Cell[]) =>
  cells.filter(({ status }) => !['match', 'self', 'open'].includes(status)).map(probeKey);

describe('scenarios/paths', () => {
  let scenarios: readonly Scenario[] = [];
  before(async () => {
    scenarios = await loadScenarios([folder]);
  });

  it('expect, by hand, what the specification says wherever it says it; but for one, which tells what Calico does', () => {
    const wrong = scenarios.flatMap((scenario) => {
      const cells = wrongIn(cellsUnder(scenario, scenario.steps[0]?.policies ?? []));
      return cells.length > 0 ? [[scenario.name, ...cells]] : [];
    });
    expect(wrong).to.deep.equal([['node-egress', 'prod/web > node:own 9103/TCP']]);
  });

  it('judge cells of their own, whatever is left open', () => {
    for (const scenario of scenarios) {
      const cells = cellsUnder(scenario, scenario.steps[0]?.policies ?? []);
      expect(cells.filter(({ status }) => status === 'match').length, scenario.name).to.be.above(0);
    }
  });

  it('fail without any one of their policies, but for the one that shows that it lets everyone in', () => {
    const idle = scenarios.flatMap((scenario) => {
      const policies = scenario.steps[0]?.policies ?? [];
      const before = wrongIn(cellsUnder(scenario, policies)).length;
      return policies
        .filter(
          (policy) =>
            wrongIn(
              cellsUnder(
                scenario,
                policies.filter((one) => one !== policy),
              ),
            ).length <= before,
        )
        .map(({ name }) => `${scenario.name} ${name}`);
    });
    expect(idle).to.deep.equal(['hairpin port']);
  });

  it('are each in their README', async () => {
    const readme = await readFile(`${folder}/README.md`, 'utf8');
    for (const { name } of scenarios) expect(readme, name).to.match(new RegExp(`^\\| ${name} +\\|`, 'm'));
  });
});
