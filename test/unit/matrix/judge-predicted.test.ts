import { expect } from 'chai';
import { type CellStatus, judge, judgePredicted, type Prediction } from '../../../src/matrix/index.ts';
import type { Decision } from '../../../src/model/index.ts';
import type { Expectation, ExpectedProbe, Probe } from '../../../src/scenario/index.ts';

const probe: Probe = { from: 'prod/web', to: 'prod/api', port: 8080, protocol: 'TCP' };
const wanted = (expectation: Expectation | null, more: Partial<Probe> = {}): ExpectedProbe => ({
  ...probe,
  ...more,
  expectation,
});

const predicted = (decision: Decision, more: Partial<Prediction> = {}): Prediction => ({
  ...probe,
  decision,
  leftOpen: false,
  ...more,
});

describe('judgePredicted', () => {
  const cases: readonly [Expectation | null, Decision, CellStatus][] = [
    ['allow', 'allow', 'match'],
    ['allow', 'deny', 'mismatch'],
    ['allow', 'unknown', 'unknown'],
    ['deny', 'deny', 'match'],
    ['deny', 'allow', 'mismatch'],
    ['deny', 'unknown', 'unknown'],
    ['drop', 'deny', 'match'],
    ['drop', 'allow', 'mismatch'],
    ['reject', 'deny', 'match'],
    ['reject', 'allow', 'mismatch'],
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

  for (const model of ['allow', 'deny', 'unknown'] as const)
    it(`judges a predicted ${model} in no way where the grid expects nothing, but the other cells`, () => {
      const other = { to: 'prod/db' };
      const cells = judgePredicted(
        [wanted(null), wanted('allow', other)],
        [predicted(model), predicted('deny', other)],
      );
      expect(cells.map(({ expected, exempt, status }) => [expected, exempt, status])).to.deep.equal([
        [null, true, 'unjudged'],
        ['allow', undefined, 'mismatch'],
      ]);
    });

  it('judges the model by itself in no way, and a pod to itself neither', () => {
    const cells = judgePredicted('model', [predicted('deny'), predicted('allow', { to: 'prod/web' })]);
    expect(cells.map(({ expected, status }) => [expected, status])).to.deep.equal([
      [null, 'unjudged'],
      [null, 'self'],
    ]);
  });

  it('expects nothing if the specification leaves it undefined', () => {
    const cells = judgePredicted([wanted('allow')], [predicted('unknown', { leftOpen: true })]);
    expect(cells.map(({ expected, status }) => [expected, status])).to.deep.equal([[null, 'open']]);
  });

  it('judges each family by what is expected of it', () => {
    const cells = judgePredicted(
      [wanted('allow', { family: 'IPv4' }), wanted('deny', { family: 'IPv6' })],
      [predicted('deny', { family: 'IPv4' }), predicted('deny', { family: 'IPv6' })],
    );
    expect(cells.map(({ family, status }) => [family, status])).to.deep.equal([
      ['IPv4', 'mismatch'],
      ['IPv6', 'match'],
    ]);
  });

  it('expects nothing of a pod to itself, even where something is written', () => {
    const self = { to: 'prod/web' };
    const [cell] = judgePredicted([wanted('deny', self)], [predicted('allow', self)]);
    expect(cell).to.include({ expected: null, status: 'self' });
  });

  const others: readonly Partial<Probe>[] = [
    { from: 'a/b' },
    { to: 'a/b' },
    { port: 1 },
    { protocol: 'UDP' },
    { family: 'IPv6' },
  ];
  for (const other of others)
    it(`finds what is expected in any order, if two probes differ in ${Object.keys(other)} alone`, () => {
      const cells = judgePredicted(
        [wanted('allow', other), wanted('deny')],
        [predicted('deny'), predicted('allow', other)],
      );
      expect(cells.map(({ expected, status }) => [expected, status])).to.deep.equal([
        ['deny', 'match'],
        ['allow', 'match'],
      ]);
    });

  it('expects nothing if nothing is written of a probe, and goes on with the next', () => {
    const cells = judgePredicted(
      [wanted('deny', { port: 2 }), wanted('allow', { port: 3 })],
      [1, 2, 3].map((port) => predicted('deny', { port })),
    );
    expect(cells.map(({ port, expected, status }) => [port, expected, status])).to.deep.equal([
      [1, null, 'unjudged'],
      [2, 'deny', 'match'],
      [3, 'allow', 'mismatch'],
    ]);
  });

  it('keeps that the backends differ, as `judge` does', () => {
    const differing = predicted('unknown', { backendsDiffer: true });
    const [cell] = judgePredicted([wanted('allow')], [differing]);
    expect(cell).to.include({ status: 'unknown', backendsDiffer: true });
    const seen = { ...probe, verdict: 'allowed', flaky: false, attempts: 1, detail: '' } as const;
    const [live] = judge('model', [seen], [differing]);
    expect(live).to.include({ status: 'unknown', backendsDiffer: true });
  });

  it('judges no client that is kept at one of differing backends, whatever it saw', () => {
    const differing = predicted('unknown', { backendsDiffer: true, sticky: true });
    for (const verdict of ['allowed', 'dropped'] as const)
      for (const expectation of ['allow', 'deny'] as const) {
        const seen = { ...probe, verdict, flaky: false, attempts: 1, detail: '' };
        const [live] = judge([wanted(expectation)], [seen], [differing]);
        expect(live).to.include({ status: 'unknown', observed: verdict, sticky: true });
      }
    const [cell] = judgePredicted([wanted('allow')], [differing]);
    expect(cell).to.include({ status: 'unknown', sticky: true });
  });

  it('keeps that a name can perhaps not be looked up, as `judge` does', () => {
    const asking = predicted('unknown', { lookupUnknown: true });
    const [cell] = judgePredicted([wanted('allow')], [asking]);
    expect(cell).to.include({ status: 'unknown', lookupUnknown: true });
    const seen = { ...probe, verdict: 'allowed', flaky: false, attempts: 1, detail: '' } as const;
    const [live] = judge('model', [seen], [asking]);
    expect(live).to.include({ status: 'unknown', lookupUnknown: true });
  });
});
