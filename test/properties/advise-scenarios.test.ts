import { expect } from 'chai';
import { adviseFor, type Wanted, wantedOf } from '../../src/advise/index.ts';
import { readAdvised } from '../../src/advise/policies.ts';
import { discover } from '../../src/commands/scenarios/paths.ts';
import { modelOf } from '../../src/matrix/index.ts';
import { lint } from '../../src/model/index.ts';
import { loadScenarios } from '../../src/scenario/index.ts';

describe('policies advised for every scenario of the repository', () => {
  it('do what its own policies do, and nothing in them is suspicious', async function () {
    this.timeout(60_000);
    const scenarios = await loadScenarios(await discover('scenarios'));
    const odd = new Set<string>();
    const suspicious = new Set<string>();
    for (const { name, steps } of scenarios)
      for (const step of steps) {
        const wanted = wantedOf({ ...step, expected: 'model' }) as Wanted;
        const { policies, unmet, exposed } = adviseFor(wanted);
        for (const { rule } of lint(modelOf({ ...wanted, policies: readAdvised(policies) })))
          suspicious.add(`${name} ${rule}`);
        if (unmet.length + exposed.length > 0) odd.add(name);
        for (const { why } of unmet) expect(why.kind, name).to.be.oneOf(['alike', 'family']);
      }
    // There, a name is not to be looked up.
    expect([...suspicious]).to.deep.equal(['service-names dns-cut']);
    // Blocks tell pods without labels apart there, by their addresses.
    for (const name of odd) expect(name).to.match(/^ip-block/);
    expect(odd).to.include('ip-block');
  });
});
