import { expect } from 'chai';
import fc from 'fast-check';
import { jsonParts, jsonText } from '../../../src/report/json-text.ts';

/** The value with each array in it as an iterator. */
const lazily = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.values().map(lazily);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, lazily(part)]));
};
const text = fc.string({ unit: 'grapheme-ascii', maxLength: 8 });
const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.constant('two\nlines')),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
}));

describe('jsonParts', () => {
  it('gives what JSON.stringify gives, arrays as iterators or not', () => {
    fc.assert(
      fc.property(json, (value) => {
        const expected = `${JSON.stringify(value, null, 2)}\n`;
        expect([...jsonParts(value)].join('')).to.equal(expected);
        expect([...jsonParts(lazily(value))].join('')).to.equal(expected);
        expect(jsonText(value)).to.equal(expected);
      }),
    );
  });

  it('leaves out what is undefined, and writes empty lists and objects short', () => {
    const value = { a: undefined, b: [].values(), c: {}, d: [{ e: [].values() }].values() };
    const same = { b: [], c: {}, d: [{ e: [] }] };
    expect([...jsonParts(value)].join('')).to.equal(`${JSON.stringify(same, null, 2)}\n`);
  });

  it('takes the items of an iterator one at a time', () => {
    let taken = 0;
    const items = Array.from({ length: 1000 }, (_, index) => index)
      .values()
      .map((index) => {
        taken += 1;
        return { index };
      });
    const parts = jsonParts({ items });
    for (let part = 0; part < 10; part += 1) parts.next();
    expect(taken).to.be.below(10);
  });
});
