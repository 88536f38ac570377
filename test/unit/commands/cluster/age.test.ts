import { expect } from 'chai';
import { InvalidArgumentError } from 'commander';
import { age, ageText } from '../../../../src/commands/cluster/age.ts';

describe('age', () => {
  for (const [text, ms] of [
    ['0s', 0],
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['12h', 43_200_000],
    ['2d', 172_800_000],
  ] as const)
    it(`reads ${text}`, () => {
      expect(age(text)).to.equal(ms);
    });

  for (const text of ['', '12', 'h', '1.5h', '-1h', '1 h', '1w', '12hours', '9999999d'])
    it(`does not read "${text}"`, () => {
      expect(() => age(text)).to.throw(InvalidArgumentError, '90s, 30m, 12h or 2d');
    });

  for (const [ms, text] of [
    [-5, '0 s'],
    [999, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_999, '59 min'],
    [3_600_000, '1 h'],
    [172_799_999, '1 d'],
  ] as const)
    it(`writes ${ms} ms as ${text}`, () => {
      expect(ageText(ms)).to.equal(text);
    });
});
