import { expect } from 'chai';
import {
  andMore,
  bounded,
  excerpt,
  listed,
  listedSentences,
  plural,
  printable,
  printableLines,
} from '../../src/text.ts';

describe('printable', () => {
  const cases: readonly [string, string][] = [
    ['prod/wéb → 日本 🙂', 'prod/wéb → 日本 🙂'],
    ['\u001b[31m', '\\x1b[31m'],
    ['a\nb\rc\td', 'a\\nb\\rc\\td'],
    ['\u0000\u007f\u009b', '\\x00\\x7f\\x9b'],
    ['\u202e\u200b\u2028\ufeff', '\\u{202e}\\u{200b}\\u{2028}\\u{feff}'],
    ['\ud800', '\\u{d800}'],
    ['\u{e0001}', '\\u{e0001}'],
    ['::error::a ::b:: c', '\\x3a:error::a ::b:: c'],
    [' ::warning file=a,line=1::b', ' \\x3a:warning file=a,line=1::b'],
    ['::/0 and ::1, a::error::b', '::/0 and ::1, a::error::b'],
    ['a ##[add-mask]b, # [c] ##d', 'a #\\x23[add-mask]b, # [c] ##d'],
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
});

describe('lists that may be too long', () => {
  const names = ['a', 'b', 'c'];

  it('say how many are left out, and nothing if none is', () => {
    expect(listed(names, 3)).to.equal('a, b, c');
    expect(listed(names, 2)).to.equal('a, b and 1 more');
    expect(listed([])).to.equal('');
    expect(listedSentences(names, 3)).to.equal('a; b; c');
    expect(listedSentences(names, 1)).to.equal('a; and 2 more');
    expect(andMore(0)).to.equal('');
  });

  it('may be lines, several for an item', () => {
    const linesOf = (name: string) => [name, `  ${name}`];
    expect(bounded(names, 3, linesOf)).to.deep.equal(['a', '  a', 'b', '  b', 'c', '  c']);
    expect(bounded(names, 1, linesOf)).to.deep.equal(['a', '  a', '… and 2 more']);
  });
});

describe('plural', () => {
  it('is the noun itself for one alone', () => {
    expect([0, 1, 2].map((count) => plural(count, 'cell'))).to.deep.equal(['0 cells', '1 cell', '2 cells']);
    expect(plural(2, 'policy', 'policies')).to.equal('2 policies');
  });
});
