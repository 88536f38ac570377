import { expect } from 'chai';
import { slicesOf } from '../../../src/run/slices.ts';
import type { Scenario } from '../../../src/scenario/index.ts';
import { scenarioOf, topologyOf } from './fake-stage.ts';

const group = (count: number, topology = topologyOf('prod')): readonly Scenario[] =>
  Array.from({ length: count }, (_, index) => scenarioOf(`s${index}`, [{}], topology));

const sizes = (groups: readonly (readonly Scenario[])[], workers: number): readonly number[] =>
  slicesOf(groups, workers).map(({ length }) => length);

describe('slicesOf', () => {
  it('gives each worker a slice of one large group, in order', () => {
    const [only = []] = [group(60)];
    expect(sizes([only], 3)).to.deep.equal([20, 20, 20]);
    expect(slicesOf([only], 3).flat()).to.deep.equal(only);
  });

  it('divides no group of which a worker has enough', () => {
    expect(sizes([group(40), group(5), group(5)], 2)).to.deep.equal([20, 20, 5, 5]);
    expect(sizes([group(30), group(30)], 2)).to.deep.equal([30, 30]);
    expect(sizes([group(30)], 1)).to.deep.equal([30]);
  });

  it('has the largest slices first, and those of equal size in order', () => {
    expect(sizes([group(3), group(12), group(10), group(5)], 2)).to.deep.equal([12, 10, 5, 3]);
    const [one = [], other = []] = [group(4), group(4)];
    expect(slicesOf([one, other], 3)).to.deep.equal([one, other]);
  });

  it('makes no slice that is not worth pods of its own', () => {
    expect(sizes([group(8)], 8)).to.deep.equal([8]);
    expect(sizes([group(9)], 8)).to.deep.equal([5, 4]);
    expect(sizes([], 8)).to.deep.equal([]);
  });

  it('leaves a group whole that pins pods to addresses', () => {
    const topology = topologyOf('prod');
    const [namespace, ...others] = topology.namespaces;
    if (!namespace) throw new Error('there is no namespace');
    const pods = namespace.pods.map((pod) => ({ ...pod, addresses: ['192.168.77.10'] }));
    const pinned = { ...topology, namespaces: [{ ...namespace, pods }, ...others] };
    expect(sizes([group(60, pinned)], 3)).to.deep.equal([60]);
  });
});
