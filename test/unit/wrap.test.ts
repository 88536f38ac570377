import { expect } from 'chai';
import { wrapped } from '../../src/wrap.ts';

describe('wrapped', () => {
  it('leaves a line that fits as it is, its spaces too', () => {
    expect(wrapped('  two  words', 12)).to.deep.equal(['  two  words']);
    expect(wrapped('', 12)).to.deep.equal(['']);
  });

  it('breaks between words and indents what follows', () => {
    expect(wrapped('  the quick brown fox jumps', 15)).to.deep.equal(['  the quick', '    brown fox', '    jumps']);
  });

  it('keeps columns if it does not break', () => {
    expect(wrapped('  ok     disk   free and large', 20)).to.deep.equal(['  ok     disk   free', '    and large']);
  });

  it('never breaks a word', () => {
    expect(wrapped('see https://example.com/very/long now', 12)).to.deep.equal([
      'see',
      '  https://example.com/very/long',
      '  now',
    ]);
    expect(wrapped('https://example.com/very/long', 12)).to.deep.equal(['https://example.com/very/long']);
  });

  it('keeps what stands in backticks together, to be copied', () => {
    expect(wrapped('try (`podreach cluster down`), then more', 20)).to.deep.equal([
      'try',
      '  (`podreach cluster down`),',
      '  then more',
    ]);
    expect(wrapped('a ` alone in a line', 12)).to.deep.equal(['a ` alone in', '  a line']);
  });

  it('does not count colours', () => {
    expect(wrapped('\u001b[31mred words\u001b[39m fit', 13)).to.deep.equal(['\u001b[31mred words\u001b[39m fit']);
  });

  it('breaks nothing if the width is unknown', () => {
    const line = 'word '.repeat(100);
    expect(wrapped(line, undefined)).to.deep.equal([line]);
  });
});
