import { expect } from 'chai';
import { commonFamilies, requireFamilies } from '../../../src/deploy/families.ts';
import { PodreachError } from '../../../src/errors.ts';

describe('commonFamilies', () => {
  const familiesOf = (...ends: readonly (readonly string[])[]) =>
    commonFamilies(ends.map((addresses) => ({ addresses })));

  it('are those that every end has an address of, IPv4 first', () => {
    expect(familiesOf(['10.0.0.1'], ['10.0.0.2'])).to.deep.equal(['IPv4']);
    expect(familiesOf(['fd00::1'], ['fd00::2'])).to.deep.equal(['IPv6']);
    expect(familiesOf(['fd00::1', '10.0.0.1'], ['10.0.0.2', 'fd00::2'])).to.deep.equal(['IPv4', 'IPv6']);
  });

  it('leave out one that any of them lacks', () => {
    expect(familiesOf(['10.0.0.1', 'fd00::1'], ['10.0.0.2'])).to.deep.equal(['IPv4']);
    expect(familiesOf(['10.0.0.1'], ['fd00::2'])).to.deep.equal([]);
    expect(familiesOf(['10.0.0.1', 'fd00::1'], [])).to.deep.equal([]);
  });
});

describe('requireFamilies', () => {
  it('takes what the cluster has, be it less than all', () => {
    requireFamilies(['IPv4'], new Set());
    requireFamilies(['IPv4'], new Set(['IPv4'] as const));
    requireFamilies(['IPv4', 'IPv6'], new Set(['IPv6'] as const));
  });

  it('refuses a scenario that speaks of another, and says how to get it', () => {
    const act = () => requireFamilies(['IPv4'], new Set(['IPv4', 'IPv6'] as const));
    expect(act).to.throw(PodreachError, 'the scenario mentions IPv6, which this cluster does not have');
    expect(act).to.throw().with.property('hint').that.contains('--ip-family dual');
  });
});
