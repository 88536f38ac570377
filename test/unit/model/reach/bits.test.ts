import { expect } from 'chai';
import fc from 'fast-check';
import {
  addBits,
  emptyBits,
  forEachDifference,
  fullBits,
  hasBit,
  isEqual,
  keepBits,
  setBit,
  transposeBits,
} from '../../../../src/model/reach/bits.ts';

const SIZE = 70;
const sets = fc.uniqueArray(fc.nat(SIZE - 1));
const bitsOf = (members: readonly number[], size = SIZE) => {
  const bits = emptyBits(size);
  for (const member of members) setBit(bits, member);
  return bits;
};
const membersOf = (bits: Uint32Array, size = SIZE) =>
  Array.from({ length: size }, (_, at) => at).filter((at) => hasBit(bits, at));
const sorted = (members: Iterable<number>) => [...members].sort((a, b) => a - b);

describe('bits', () => {
  it('hold what was set, and nothing else', () => {
    fc.assert(
      fc.property(sets, (members) => {
        expect(membersOf(bitsOf(members))).to.deep.equal(sorted(members));
      }),
    );
  });

  it('are full up to their size, and not beyond', () => {
    for (const size of [1, 31, 32, 33, 64]) {
      expect(membersOf(fullBits(size), size)).to.have.lengthOf(size);
      expect(hasBit(fullBits(size), size)).to.equal(false);
      expect(isEqual(fullBits(size), bitsOf(membersOf(fullBits(size), size), size))).to.equal(true);
    }
  });

  it('are equal only if all are', () => {
    expect(isEqual(bitsOf([1, 40]), bitsOf([1, 40]))).to.equal(true);
    for (const other of [[1], [40], [1, 41], [2, 40], [1, 40, 69], []])
      expect(isEqual(bitsOf([1, 40]), bitsOf(other)), other.join()).to.equal(false);
  });

  it('add, keep and differ as sets do', () => {
    fc.assert(
      fc.property(sets, sets, sets, (one, other, third) => {
        const [a, b, c] = [new Set(one), new Set(other), new Set(third)];
        const added = bitsOf(one);
        addBits(added, bitsOf(other));
        expect(membersOf(added)).to.deep.equal(sorted(a.union(b)));
        const cut = bitsOf(one);
        addBits(cut, bitsOf(other), bitsOf(third));
        expect(membersOf(cut)).to.deep.equal(sorted(a.union(b.intersection(c))));
        const kept = bitsOf(one);
        keepBits(kept, bitsOf(other));
        expect(membersOf(kept)).to.deep.equal(sorted(a.intersection(b)));
        const differences: number[] = [];
        forEachDifference(bitsOf(one), bitsOf(other), (at) => differences.push(at));
        expect(differences).to.deep.equal(sorted(a.symmetricDifference(b)));
      }),
    );
  });

  it('turn around square matrices of any size', () => {
    for (const size of [1, 7, 32, 33, 70]) {
      const cell = fc.tuple(fc.nat(size - 1), fc.nat(size - 1));
      fc.assert(
        fc.property(fc.array(cell, { maxLength: size * 4 }), (cells) => {
          const rows = Array.from({ length: size }, () => emptyBits(size));
          for (const [row, column] of cells) setBit(rows[row] as Uint32Array, column);
          const turned = transposeBits(rows);
          const pairs = rows.flatMap((row, at) => membersOf(row, size).map((column) => `${column} ${at}`));
          const turnedPairs = turned.flatMap((row, at) => membersOf(row, size).map((column) => `${at} ${column}`));
          expect(turnedPairs.sort()).to.deep.equal(pairs.sort());
        }),
        { numRuns: 10 },
      );
    }
  });
});
