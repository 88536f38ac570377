import { expect } from 'chai';
import { flow, pad } from '../../../src/report/layout.ts';

describe('the layout of text', () => {
  it('pads by columns of a terminal', () => {
    expect(pad('a🙂', 5)).to.equal('a🙂  ');
    expect(pad('abc', 2)).to.equal('abc');
  });

  it('fills lines up to the width and no further', () => {
    expect(flow(['aa', 'bb', 'cc', 'dddddddd'], 6, '  ')).to.deep.equal(['aa  bb', 'cc', 'dddddddd']);
    expect(flow([], 6, '  ')).to.deep.equal([]);
  });
});
