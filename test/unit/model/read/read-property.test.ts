import { expect } from 'chai';
import fc from 'fast-check';
import { policyCases } from '../../../policy-cases/index.ts';
import { read } from './policy-fixture.ts';

describe('reading anything', () => {
  const nasty = fc.oneof(
    fc.constantFrom<unknown>(
      ...[null, {}, [], '', 'a', 'A-', 0, 80, 65536, 1.5, true, [null], [{}], [[]], { a: null }],
      ...['10.0.0.0/8', 'Ingress', 'In', 'TCP', '__proto__'],
    ),
    fc.anything(),
  );
  const valid = fc.constantFrom(
    ...policyCases.filter((policyCase) => policyCase.valid).map(({ manifest }) => manifest),
  );

  /** A copy in which the value at some step of some depth is another. */
  const changed = (value: unknown, turns: readonly number[], other: unknown): unknown => {
    const [turn, ...rest] = turns;
    if (turn === undefined || typeof value !== 'object' || value === null) return other;
    const keys = Object.keys(value);
    const key = keys[turn % Math.max(keys.length, 1)];
    if (key === undefined) return other;
    const item = changed((value as Record<string, unknown>)[key], rest, other);
    return Array.isArray(value) ? value.with(Number(key), item) : { ...value, [key]: item };
  };

  const mutated = fc
    .tuple(valid, fc.array(fc.nat(20), { maxLength: 8 }), nasty)
    .map(([manifest, turns, other]) => changed(manifest, turns, other));

  it('gives a policy, or reports why not, and never throws', () => {
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: mutated }, valid, nasty), (manifest) => {
        const [policy_, problems] = read(manifest);
        expect(policy_ === null).to.equal(problems.length > 0);
        const told = problems.map((problem) => JSON.stringify(problem));
        expect(new Set(told).size, told.join('\n')).to.equal(told.length);
        if (policy_) taken += 1;
        else refused += 1;
      }),
      { numRuns: 3000 },
    );
    expect(taken).to.be.above(100);
    expect(refused).to.be.above(1000);
  });

  it('leaves the manifest as it is', () => {
    fc.assert(
      fc.property(mutated, (manifest) => {
        const before = structuredClone(manifest);
        read(manifest);
        expect(manifest).to.deep.equal(before);
      }),
      { numRuns: 300 },
    );
  });
});
