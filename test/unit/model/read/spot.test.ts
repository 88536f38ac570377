import { expect } from 'chai';
import { at, TOP } from '../../../../src/model/read/spot.ts';

describe('places in a manifest', () => {
  it('share one path, which nobody can change', () => {
    const first = at(at(TOP, 'spec'), 0);
    expect(first.path).to.deep.equal(['spec', 0]);
    expect(at(at(TOP, 'spec'), 0).path).to.equal(first.path);
    expect(at(at(TOP, 'spec'), '0').path).to.deep.equal(['spec', '0']);
    expect(() => (first.path as unknown[]).push(1)).to.throw(TypeError);
  });

  it('are right, if not shared, when there are too many to keep', () => {
    const labels = at(TOP, 'matchLabels');
    for (let label = 0; label < 25_000; label += 1) at(labels, `label-${label}`);
    expect(at(labels, 'label-24999').path).to.deep.equal(['matchLabels', 'label-24999']);
    expect(labels.next?.size).to.be.below(20_001);
  });
});
