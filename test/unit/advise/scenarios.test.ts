import { expect } from 'chai';
import { adviseFor, type Wanted, wantedOf } from '../../../src/advise/index.ts';
import { discover } from '../../../src/commands/scenario-paths.ts';
import { loadScenarios } from '../../../src/scenario/index.ts';

/** What selectors can't do: blocks tell pods without labels apart there, by their addresses. */
const BY_ADDRESS = new Set([
  'ip-blocks',
  'ip-block',
  'ip-block-egress',
  'ip-block-except',
  'ip-block-except-allowed-again',
  'ip-block-except-by-label',
  'ip-block-two-exceptions',
]);

describe('policies advised for every scenario of the repository', () => {
  it('do what its own policies do', async () => {
    const scenarios = await loadScenarios(await discover('scenarios'));
    const odd = new Set<string>();
    for (const { name, steps } of scenarios)
      for (const step of steps) {
        const { unmet, exposed } = adviseFor(wantedOf({ ...step, expected: 'model' }) as Wanted);
        if (unmet.length + exposed.length > 0) odd.add(name);
        for (const { why } of unmet) expect(why.kind, name).to.be.oneOf(['alike', 'family']);
      }
    expect([...odd].sort()).to.deep.equal([...BY_ADDRESS].sort());
  });
});
