import { expect } from 'chai';
import { sizedArray } from '../../src/sized-array.ts';

describe('sizedArray', () => {
  for (const [most, items] of [
    [3, ['a', 'b', 'c']],
    [3, ['a']],
    [0, []],
    [0, ['a', 'b']],
  ] as const)
    it(`holds ${items.length} items where ${most} are expected, and no place without one`, () => {
      expect(sizedArray(most, items.values())).to.have.ordered.members(items).and.to.have.lengthOf(items.length);
    });
});
