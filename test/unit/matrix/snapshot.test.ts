import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { type Cell, judge, snapshotOf, statusOf } from '../../../src/matrix/index.ts';
import type { Observation, Verdict } from '../../../src/probe/index.ts';

const seen = (from: string, port: number, verdict: Verdict, flaky = false): Observation => ({
  from,
  to: 'prod/api',
  port,
  protocol: 'TCP',
  verdict,
  flaky,
  attempts: 1,
  detail: '',
});

const refusalOf = (cells: readonly Cell[]): PodreachError => {
  try {
    snapshotOf(cells);
  } catch (error) {
    if (error instanceof PodreachError) return error;
  }
  throw new Error('snapshotOf did not refuse');
};

describe('snapshotOf', () => {
  const certain = [
    seen('prod/web', 1, 'allowed'),
    seen('prod/web', 2, 'dropped'),
    seen('prod/web', 3, 'rejected'),
    seen('prod/api', 1, 'error'),
  ];
  const snapshot = [
    { from: 'prod/web', to: 'prod/api', port: 1, protocol: 'TCP', expectation: 'allow' },
    { from: 'prod/web', to: 'prod/api', port: 2, protocol: 'TCP', expectation: 'deny' },
    { from: 'prod/web', to: 'prod/api', port: 3, protocol: 'TCP', expectation: 'deny' },
  ];

  it('expects what was seen, without the pods to themselves', () => {
    expect(snapshotOf(judge(null, certain))).to.deep.equal(snapshot);
  });

  it('replaces expectations that were not met, and passes with what it made', () => {
    const wrong = snapshot.map(
      ({ from, to, port }) => ({ from, to, port, protocol: 'TCP', expectation: 'deny' }) as const,
    );
    const updated = snapshotOf(judge(wrong, certain));
    expect(updated).to.deep.equal(snapshot);
    expect(statusOf(judge(updated, certain))).to.equal('pass');
  });

  it('expects nothing of what a client saw of one of several backends that differ, because another may see something else', () => {
    const [first] = certain;
    if (!first) return expect.fail('nothing was seen');
    const { verdict: _verdict, ...probe } = first;
    const differing = { ...probe, decision: 'unknown', leftOpen: false, backendsDiffer: true, sticky: true } as const;
    expect(snapshotOf(judge(null, certain, [differing])).map(({ expectation }) => expectation)).to.deep.equal([
      null,
      'deny',
      'deny',
    ]);
  });

  it('distinguishes families if there are two', () => {
    const families = (['IPv4', 'IPv6'] as const).map((family) => ({
      ...seen('prod/web', 1, family === 'IPv4' ? 'allowed' : 'dropped'),
      family,
    }));
    expect(snapshotOf(judge(null, families)).map(({ family, expectation }) => [family, expectation])).to.deep.equal([
      ['IPv4', 'allow'],
      ['IPv6', 'deny'],
    ]);
  });

  it('expects nothing of what the specification leaves undefined, whatever was seen', () => {
    const observed = seen('prod/web', 1, 'dropped');
    const { verdict: _, flaky: __, attempts: ___, detail: ____, ...probe } = observed;
    const cells = judge(null, [observed], [{ ...probe, decision: 'unknown', leftOpen: true }]);
    expect(cells[0]?.status).to.equal('open');
    expect(snapshotOf(cells).map(({ expectation }) => expectation)).to.deep.equal([null]);
  });

  it('goes on to expect nothing of what a grid exempts, even if it is flaky or unsupported, but not of errors', () => {
    const exempting = [1, 2, 3].map(
      (port) => ({ from: 'prod/web', to: 'prod/api', port, protocol: 'TCP', expectation: null }) as const,
    );
    const observed = [
      seen('prod/web', 1, 'allowed'),
      seen('prod/web', 2, 'unsupported'),
      seen('prod/web', 3, 'dropped', true),
      seen('prod/web', 4, 'dropped'),
    ];
    const snapshot = snapshotOf(judge(exempting, observed));
    expect(snapshot.map(({ expectation }) => expectation)).to.deep.equal([null, null, null, 'deny']);
    expect(refusalOf(judge(exempting, [seen('prod/web', 1, 'error')])).message).to.contain('1/TCP (error)');
  });

  it('refuses cells without a certain verdict by name', () => {
    const cells = judge(
      [{ from: 'dev/a', to: 'prod/api', port: 9, protocol: 'TCP', expectation: 'deny' }],
      [
        ...certain,
        seen('prod/web', 4, 'error'),
        seen('prod/web', 5, 'unsupported'),
        seen('prod/web', 6, 'allowed', true),
      ],
    );
    expect(refusalOf(cells).message).to.equal(
      "The expectations can't be updated, because these cells have no certain verdict: " +
        'prod/web -> prod/api 4/TCP (error), prod/web -> prod/api 5/TCP (unsupported), ' +
        'prod/web -> prod/api 6/TCP (flaky), dev/a -> prod/api 9/TCP (error)',
    );
    expect(refusalOf(cells).hint).to.match(/^Run again until every cell is seen as allowed or blocked/);
  });

  it('names ten cells at most', () => {
    const cells = judge(
      null,
      Array.from({ length: 12 }, (_, index) => seen('prod/web', index + 1, 'error')),
    );
    expect(refusalOf(cells).message).to.match(/10\/TCP \(error\), … and 2 more$/);
  });
});
