import { expect } from 'chai';
import { widthOf } from '../../src/width.ts';

describe('widthOf', () => {
  for (const [text, width] of [
    ['abc', 3],
    ['a🙂', 3],
    ['日本', 4],
    ['한국', 4],
    ['ｱ', 1],
    ['Ａ', 2],
    ['e\u0301', 1],
    ['é', 1],
    ['≠', 1],
  ] as const)
    it(`gives ${JSON.stringify(text)} ${width} columns of a terminal`, () => {
      expect(widthOf(text)).to.equal(width);
    });
});
