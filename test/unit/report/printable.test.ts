import { expect } from 'chai';
import { excerpt, flow, pad, printable, printableLines, widthOf } from '../../../src/report/printable.ts';

describe('printable', () => {
  const cases: readonly [string, string][] = [
    ['prod/wéb → 日本 🙂', 'prod/wéb → 日本 🙂'],
    ['\u001b[31m', '\\x1b[31m'],
    ['a\nb\rc\td', 'a\\nb\\rc\\td'],
    ['\u0000\u007f\u009b', '\\x00\\x7f\\x9b'],
    ['\u202e\u200b\u2028\ufeff', '\\u{202e}\\u{200b}\\u{2028}\\u{feff}'],
    ['\ud800', '\\u{d800}'],
    ['\u{e0001}', '\\u{e0001}'],
  ];
  for (const [text, expected] of cases) {
    it(`writes ${expected}`, () => {
      expect(printable(text)).to.equal(expected);
    });
  }

  it('keeps the lines of a longer text', () => {
    expect(printableLines('\none\r\n  two\u0007\n')).to.deep.equal(['one', '  two\\x07']);
  });

  it('cuts by code points', () => {
    expect(excerpt('🙂🙂🙂', 3)).to.equal('🙂🙂🙂');
    expect(excerpt('🙂🙂🙂🙂', 3)).to.equal('🙂🙂…');
  });

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
