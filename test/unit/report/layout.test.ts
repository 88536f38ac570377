import { expect } from 'chai';
import { flow, pad, widthOf } from '../../../src/report/layout.ts';

describe('the layout of text', () => {
  it('measures and pads by columns of a terminal', () => {
    const widths: readonly [string, number][] = [
      ['a🙂', 3],
      ['日本', 4],
      ['한국', 4],
      ['ｱ', 1],
      ['Ａ', 2],
      ['e\u0301', 1],
      ['é', 1],
      ['≠', 1],
    ];
    for (const [text, width] of widths) expect(widthOf(text), text).to.equal(width);
    expect(pad('a🙂', 5)).to.equal('a🙂  ');
    expect(pad('abc', 2)).to.equal('abc');
  });

  it('fills lines up to the width and no further', () => {
    expect(flow(['aa', 'bb', 'cc', 'dddddddd'], 6, '  ')).to.deep.equal(['aa  bb', 'cc', 'dddddddd']);
    expect(flow([], 6, '  ')).to.deep.equal([]);
  });
});
