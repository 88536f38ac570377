import { expect } from 'chai';
import { slicesOf } from '../../../src/run/slices.ts';
import type { Scenario } from '../../../src/scenario/index.ts';
import { scenarioOf, topologyOf } from './fake-stage.ts';
import { pinned, withPods } from './group-fixture.ts';

const group = (count: number, topology = topologyOf('prod')): readonly Scenario[] =>
  Array.from({ length: count }, (_, index) => scenarioOf(`s${index}`, [{}], topology));

/** A group for each number, all with other pods. */
const groups = (...counts: readonly number[]) => counts.map((count, index) => group(count, topologyOf(`n${index}`)));

const sizes = (all: readonly (readonly Scenario[])[], workers: number): readonly number[] =>
  slicesOf(all, workers).map(({ length }) => length);

describe('slicesOf', () => {
  it('gives each worker a slice of one large group, in order', () => {
    const [only = []] = [group(60)];
    expect(sizes([only], 3)).to.deep.equal([20, 20, 20]);
    expect(slicesOf([only], 3).flat()).to.deep.equal(only);
  });

  it('divides no group of which a worker has enough', () => {
    expect(sizes(groups(40, 5, 5), 2)).to.deep.equal([20, 20, 5, 5]);
    expect(sizes(groups(30, 30), 2)).to.deep.equal([30, 30]);
    expect(sizes([group(30)], 1)).to.deep.equal([30]);
  });

  it('has the largest slices first, and those of equal size in order', () => {
    expect(sizes(groups(3, 12, 10, 5), 2)).to.deep.equal([12, 10, 5, 3]);
    const [one = [], other = []] = groups(4, 4);
    expect(slicesOf([one, other], 3)).to.deep.equal([one, other]);
  });

  it('makes no slice that is not worth pods of its own', () => {
    expect(sizes([group(8)], 8)).to.deep.equal([8]);
    expect(sizes([group(9)], 8)).to.deep.equal([5, 4]);
    expect(sizes([], 8)).to.deep.equal([]);
  });

  it('leaves a group whole that pins pods to addresses', () => {
    expect(sizes([group(60, pinned(topologyOf()))], 3)).to.deep.equal([60]);
  });

  it('joins groups of which few pods differ, up to the share of a worker', () => {
    const [one, other] = [group(3), group(2, withPods('extra'))];
    expect(slicesOf([one, other], 1)).to.deep.equal([[...one, ...other]]);
    expect(slicesOf([one, other], 2)).to.deep.equal([one, other]);
    expect(sizes([one, ...groups(5, 4), other], 2)).to.deep.equal([5, 5, 4]);
  });

  it('joins what differs from the end of a chain, and not from its beginning', () => {
    const chain = [
      group(1),
      group(1, withPods('x', 'y')),
      group(1, withPods('y', 'z')),
      group(1, withPods('v', 'w', 'z')),
      group(1, withPods('x')),
    ];
    expect(slicesOf(chain, 1)).to.deep.equal([chain.slice(0, 4).flat(), chain[4]]);
  });

  it('joins none of which some scenario pins a pod to an address, even later', () => {
    const later = scenarioOf('later', [{}, { topology: pinned(withPods('extra')) }], withPods('extra'));
    expect(sizes([group(3), [later]], 1)).to.deep.equal([3, 1]);
    expect(sizes([[later], group(3)], 1)).to.deep.equal([3, 1]);
  });
});
