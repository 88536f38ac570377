import { expect } from 'chai';
import fc from 'fast-check';
import { type CellStatus, judge, judgePredicted, type Prediction, statusOf } from '../../../src/matrix/index.ts';
import type { Decision } from '../../../src/model/index.ts';
import type { Observation, Verdict } from '../../../src/probe/index.ts';
import type { Expectation, ExpectedProbe, Probe } from '../../../src/scenario/index.ts';

const probe: Probe = { from: 'prod/web', to: 'prod/api', port: 8080, protocol: 'TCP' };
const seen = (verdict: Verdict, more: Partial<Observation> = {}): Observation => ({
  ...probe,
  verdict,
  flaky: false,
  attempts: 1,
  detail: '',
  ...more,
});
const wanted = (expectation: Expectation, more: Partial<Probe> = {}): ExpectedProbe => ({
  ...probe,
  ...more,
  expectation,
});

describe('judge', () => {
  const statuses: readonly [Expectation | null, Verdict, CellStatus][] = [
    ['allow', 'allowed', 'match'],
    ['allow', 'dropped', 'mismatch'],
    ['allow', 'rejected', 'mismatch'],
    ['allow', 'error', 'error'],
    ['allow', 'unsupported', 'unsupported'],
    ['deny', 'allowed', 'mismatch'],
    ['deny', 'dropped', 'match'],
    ['deny', 'rejected', 'match'],
    ['deny', 'error', 'error'],
    ['deny', 'unsupported', 'unsupported'],
    [null, 'allowed', 'unjudged'],
    [null, 'dropped', 'unjudged'],
    [null, 'rejected', 'unjudged'],
    [null, 'error', 'error'],
    [null, 'unsupported', 'unsupported'],
  ];
  for (const [expectation, verdict, status] of statuses) {
    it(`takes ${verdict} where ${expectation ?? 'nothing'} is expected as ${status}`, () => {
      const observation = seen(verdict);
      const cells = judge(expectation === null ? null : [wanted(expectation)], [observation]);
      expect(cells).to.deep.equal([
        { ...probe, expected: expectation, observed: verdict, model: null, status, observation },
      ]);
    });
  }

  const flaky: readonly [Verdict, CellStatus][] = [
    ['allowed', 'flaky'],
    ['dropped', 'flaky'],
    ['rejected', 'flaky'],
    ['unsupported', 'flaky'],
    ['error', 'error'],
  ];
  for (const [verdict, status] of flaky) {
    it(`takes a flaky ${verdict} as ${status}, whatever is expected`, () => {
      for (const expected of [[wanted('allow')], [wanted('deny')], null]) {
        expect(judge(expected, [seen(verdict, { flaky: true })])[0]?.status).to.equal(status);
      }
    });
  }

  it('never judges a pod to itself', () => {
    for (const verdict of ['allowed', 'dropped', 'error', 'unsupported'] as const) {
      const self = seen(verdict, { to: 'prod/web', flaky: true });
      expect(judge([], [self])[0]?.status).to.equal('self');
    }
  });

  it('makes an expected probe that nobody observed an error, after the observed ones', () => {
    const cells = judge([wanted('deny', { port: 1 }), wanted('allow')], [seen('allowed')]);
    expect(cells.map(({ port, observed, status }) => [port, observed, status])).to.deep.equal([
      [8080, 'allowed', 'match'],
      [1, null, 'error'],
    ]);
  });

  it('tells cells apart by source, destination, port and protocol', () => {
    const others: Partial<Probe>[] = [{ from: 'a/b' }, { to: 'a/b' }, { port: 1 }, { protocol: 'UDP' }];
    for (const other of others) {
      expect(judge([wanted('allow', other)], [seen('allowed')]).map(({ status }) => status)).to.deep.equal([
        'unjudged',
        'error',
      ]);
    }
  });

  it('keeps the order of the observations', () => {
    const observed = [3, 1, 2].map((port) => seen('allowed', { port }));
    const expected = [1, 2, 3].map((port) => wanted('allow', { port }));
    expect(judge(expected, observed).map(({ port }) => port)).to.deep.equal([3, 1, 2]);
  });
});

const predicted = (decision: Decision, more: Partial<Probe> = {}): Prediction => ({ ...probe, ...more, decision });

describe('judge, beside a prediction', () => {
  it('gives each cell what the model says, and judges by the expectation alone', () => {
    const cells = judge(
      [wanted('deny'), wanted('deny', { port: 1 }), wanted('allow', { port: 2 })],
      [seen('dropped'), seen('allowed', { port: 1 })],
      [
        predicted('allow'),
        predicted('unknown', { port: 1 }),
        predicted('deny', { port: 2 }),
        predicted('deny', { port: 3 }),
      ],
    );
    expect(cells.map(({ port, model, status }) => [port, model, status])).to.deep.equal([
      [8080, 'allow', 'match'],
      [1, 'unknown', 'mismatch'],
      [2, 'deny', 'error'],
    ]);
  });

  const byModel: readonly [Decision, Verdict, Expectation | null, CellStatus][] = [
    ['allow', 'allowed', 'allow', 'match'],
    ['allow', 'dropped', 'allow', 'mismatch'],
    ['deny', 'rejected', 'deny', 'match'],
    ['deny', 'allowed', 'deny', 'mismatch'],
    ['unknown', 'allowed', null, 'unknown'],
    ['unknown', 'dropped', null, 'unknown'],
    ['unknown', 'error', null, 'error'],
  ];
  for (const [model, verdict, expected, status] of byModel)
    it(`takes ${verdict} where the model is expected and says ${model} as ${status}`, () => {
      const cells = judge('model', [seen(verdict)], [predicted(model)]);
      expect(cells).to.deep.equal([
        { ...probe, expected, observed: verdict, model, status, observation: seen(verdict) },
      ]);
    });

  it('expects every prediction to be probed, where the model is expected', () => {
    const self = predicted('allow', { to: 'prod/web' });
    const cells = judge('model', [], [predicted('deny'), self]);
    expect(cells.map(({ to, expected, status }) => [to, expected, status])).to.deep.equal([
      ['prod/api', 'deny', 'error'],
    ]);
  });

  it('expects nothing of a pod to itself', () => {
    const to = 'prod/web';
    const [cell] = judge('model', [seen('dropped', { to })], [predicted('allow', { to })]);
    expect(cell).to.include({ status: 'self', expected: null, model: 'allow' });
  });
});

describe('judgePredicted', () => {
  const cases: readonly [Expectation | null, Decision, CellStatus][] = [
    ['allow', 'allow', 'match'],
    ['allow', 'deny', 'mismatch'],
    ['allow', 'unknown', 'unknown'],
    ['deny', 'deny', 'match'],
    ['deny', 'allow', 'mismatch'],
    ['deny', 'unknown', 'unknown'],
    [null, 'allow', 'unjudged'],
    [null, 'unknown', 'unjudged'],
  ];
  for (const [expectation, model, status] of cases)
    it(`takes a predicted ${model} where ${expectation ?? 'nothing'} is expected as ${status}`, () => {
      const cells = judgePredicted(expectation && [wanted(expectation)], [predicted(model)]);
      expect(cells).to.deep.equal([
        { ...probe, expected: expectation, observed: null, model, status, observation: null },
      ]);
    });

  it('judges the model by itself in no way, and a pod to itself neither', () => {
    const cells = judgePredicted('model', [predicted('deny'), predicted('allow', { to: 'prod/web' })]);
    expect(cells.map(({ expected, status }) => [expected, status])).to.deep.equal([
      [null, 'unjudged'],
      [null, 'self'],
    ]);
  });
});

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
    const observed = probes.map((each, index) => seen(verdicts[index] ?? 'allowed', each));
    const expected = observed
      .filter(({ from, to }) => from !== to)
      .map(({ from, to, port, protocol, verdict }) =>
        wanted(verdict === 'allowed' ? 'allow' : 'deny', { from, to, port, protocol }),
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
