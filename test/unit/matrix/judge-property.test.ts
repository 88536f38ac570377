import fc from 'fast-check';
import { judge, statusOf } from '../../../src/matrix/index.ts';
import type { Observation, Verdict } from '../../../src/probe/index.ts';
import type { ExpectedProbe, Probe } from '../../../src/scenario/index.ts';

/** A matrix that passes: every probe of up to four pods with two ports each, seen just as it is expected. */
const passing = fc
  .integer({ min: 2, max: 4 })
  .chain((pods) => {
    const names = Array.from({ length: pods }, (_, index) => `ns/${index}`);
    const probes = names.flatMap((from) =>
      names.flatMap((to) => [80, 443].map((port): Probe => ({ from, to, port, protocol: 'TCP' }))),
    );
    return fc.tuple(
      fc.constant(probes),
      fc.array(fc.constantFrom<Verdict>('allowed', 'dropped', 'rejected'), {
        minLength: probes.length,
        maxLength: probes.length,
      }),
    );
  })
  .map(([probes, verdicts]) => {
    const observed = probes.map((each, index) => ({
      ...each,
      verdict: verdicts[index] ?? ('allowed' as const),
      flaky: false,
      attempts: 1,
      detail: '',
    }));
    const expected = observed
      .filter(({ from, to }) => from !== to)
      .map(
        ({ from, to, port, protocol, verdict }): ExpectedProbe => ({
          ...{ from, to, port, protocol },
          expectation: verdict === 'allowed' ? 'allow' : 'deny',
        }),
      );
    return { expected, observed };
  });

describe('a matrix that passes', () => {
  it('passes in any order', () => {
    const shuffled = passing.chain(({ expected, observed }) =>
      fc.tuple(
        fc.shuffledSubarray(expected, { minLength: expected.length }),
        fc.shuffledSubarray(observed, { minLength: observed.length }),
      ),
    );
    fc.assert(fc.property(shuffled, ([expected, observed]) => statusOf(judge(expected, observed)) === 'pass'));
  });

  it('fails when any one expectation is flipped', () => {
    fc.assert(
      fc.property(passing, fc.nat(), ({ expected, observed }, at) => {
        const flipped = expected.map((each, index): ExpectedProbe => {
          const opposite = each.expectation === 'allow' ? 'deny' : 'allow';
          return index === at % expected.length ? { ...each, expectation: opposite } : each;
        });
        return statusOf(judge(flipped, observed)) === 'fail';
      }),
    );
  });

  it('does not pass when any one expected observation is dropped, fails or is flaky', () => {
    const broken: readonly ((observation: Observation) => Observation[])[] = [
      () => [],
      (observation) => [{ ...observation, verdict: 'error' }],
      (observation) => [{ ...observation, flaky: true }],
    ];
    fc.assert(
      fc.property(passing, fc.nat(), fc.constantFrom(...broken), ({ expected, observed }, at, breakIt) => {
        const chosen = observed.filter(({ from, to }) => from !== to)[at % expected.length];
        const rest = observed.flatMap((each) => (each === chosen ? breakIt(each) : [each]));
        return statusOf(judge(expected, rest)) !== 'pass';
      }),
    );
  });
});
