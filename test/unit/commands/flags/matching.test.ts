import { expect } from 'chai';
import { matching } from '../../../../src/commands/flags/matching.ts';
import { PodreachError } from '../../../../src/errors.ts';

const named = (...names: readonly string[]) => names.map((name) => ({ name }));

describe('matching', () => {
  it('keeps the items whose name matches, in order', () => {
    expect(matching(named('allow-b', 'deny', 'allow-a'), /^allow/v)).to.deep.equal(named('allow-b', 'allow-a'));
  });

  // Each takes more steps than anyone can wait for. In the last two no quantifier is nested in another.
  for (const pattern of [/^(a+)+$/v, /^(a|a)*$/v, /^(a|aa)+$/v])
    it(`gives up ${pattern}`, () => {
      const act = () => matching(named(`${'a'.repeat(59)}!`), pattern, '--grep', 50);
      expect(act).to.throw(PodreachError, `--grep ${pattern} takes too long: stopped after 50 ms`);
    });
});
