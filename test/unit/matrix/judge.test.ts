import { expect } from 'chai';
import { type CellStatus, judge, type Prediction } from '../../../src/matrix/index.ts';
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
const wanted = (expectation: Expectation | null, more: Partial<Probe> = {}): ExpectedProbe => ({
  ...probe,
  ...more,
  expectation,
});

describe('judge', () => {
  it('is flaky with failOnFlaky even if nothing is expected of it, but for a pod to itself', () => {
    const changed = seen('allowed', { flaky: true });
    const all = (options: { failOnFlaky?: boolean }) => [
      judge([wanted(null)], [changed], [], options)[0]?.status,
      judge([wanted('allow')], [changed], [predicted('unknown', { leftOpen: true })], options)[0]?.status,
      judge(null, [seen('allowed', { flaky: true, to: probe.from })], [], options)[0]?.status,
      judge([wanted(null)], [seen('error')], [], options)[0]?.status,
      judge([wanted(null)], [seen('allowed')], [], options)[0]?.status,
    ];
    expect(all({})).to.deep.equal(['unjudged', 'open', 'self', 'error', 'unjudged']);
    expect(all({ failOnFlaky: true })).to.deep.equal(['flaky', 'flaky', 'self', 'error', 'unjudged']);
  });

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
    ['drop', 'allowed', 'mismatch'],
    ['drop', 'dropped', 'match'],
    ['drop', 'rejected', 'mismatch'],
    ['drop', 'error', 'error'],
    ['drop', 'unsupported', 'unsupported'],
    ['reject', 'allowed', 'mismatch'],
    ['reject', 'dropped', 'mismatch'],
    ['reject', 'rejected', 'match'],
    ['reject', 'error', 'error'],
    ['reject', 'unsupported', 'unsupported'],
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

  const exempt: readonly [Verdict, CellStatus][] = [
    ['allowed', 'unjudged'],
    ['dropped', 'unjudged'],
    ['rejected', 'unjudged'],
    ['unsupported', 'unjudged'],
    ['error', 'error'],
  ];
  for (const [verdict, status] of exempt) {
    it(`takes ${verdict} as ${status} where the grid expects nothing, flaky or not`, () => {
      for (const flaky of [false, true]) {
        const observation = seen(verdict, { flaky });
        expect(judge([wanted(null)], [observation])).to.deep.equal([
          { ...probe, expected: null, exempt: true, observed: verdict, model: null, status, observation },
        ]);
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

  it('distinguishes cells by source, destination, port, protocol and family', () => {
    const others: Partial<Probe>[] = [
      { from: 'a/b' },
      { to: 'a/b' },
      { port: 1 },
      { protocol: 'UDP' },
      { family: 'IPv6' },
    ];
    for (const other of others) {
      expect(judge([wanted('allow', other)], [seen('allowed')]).map(({ status }) => status)).to.deep.equal([
        'unjudged',
        'error',
      ]);
    }
  });

  it('judges each family by what is expected of it, and names it in the cell', () => {
    const families = ['IPv4', 'IPv6'] as const;
    const expected = [wanted('allow', { family: 'IPv4' }), wanted('deny', { family: 'IPv6' })];
    const observed = families.map((family) => seen('allowed', { family }));
    expect(judge(expected, observed).map(({ family, expected: want, status }) => [family, want, status])).to.deep.equal(
      [
        ['IPv4', 'allow', 'match'],
        ['IPv6', 'deny', 'mismatch'],
      ],
    );
  });

  it('keeps the order of the observations', () => {
    const observed = [3, 1, 2].map((port) => seen('allowed', { port }));
    const expected = [1, 2, 3].map((port) => wanted('allow', { port }));
    expect(judge(expected, observed).map(({ port }) => port)).to.deep.equal([3, 1, 2]);
  });
});

const predicted = (decision: Decision, more: Partial<Prediction> = {}): Prediction => ({
  ...probe,
  decision,
  leftOpen: false,
  ...more,
});

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

  it('judges nothing if the model is expected and was not asked', () => {
    expect(judge('model', [seen('allowed')])).to.deep.equal(judge(null, [seen('allowed')]));
  });

  it('expects every prediction to be probed, if the model is expected', () => {
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

describe('judge, of what the specification leaves undefined', () => {
  const open = (verdict: Verdict, more: Partial<Observation> = {}) =>
    judge([wanted('deny')], [seen(verdict, more)], [predicted('unknown', { leftOpen: true })])[0];

  for (const verdict of ['allowed', 'dropped', 'rejected'] as const)
    it(`reports ${verdict} as observed, and expects nothing of it`, () => {
      expect(open(verdict)).to.include({ observed: verdict, expected: null, model: 'unknown', status: 'open' });
    });

  it('still calls a probe that broke an error', () => {
    expect(open('error')?.status).to.equal('error');
  });

  it('judges by the expectation if the model merely does not know', () => {
    const [cell] = judge([wanted('deny')], [seen('allowed')], [predicted('unknown')]);
    expect(cell?.status).to.equal('mismatch');
  });

  it('is open as well if the model is expected', () => {
    const [cell] = judge('model', [seen('dropped')], [predicted('unknown', { leftOpen: true })]);
    expect(cell).to.include({ status: 'open', expected: null });
  });

  it('takes the prediction of the same family', () => {
    const six = { family: 'IPv6' } as const;
    const predictions = [predicted('unknown', { ...six, leftOpen: true }), predicted('deny', { family: 'IPv4' })];
    const observed = [seen('allowed', six), seen('allowed', { family: 'IPv4' })];
    const expected = [wanted('deny', six), wanted('deny', { family: 'IPv4' })];
    expect(judge(expected, observed, predictions).map(({ status }) => status)).to.deep.equal(['open', 'mismatch']);
  });
});
