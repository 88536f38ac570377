import { expect } from 'chai';
import fc from 'fast-check';
import { type Cell, judge, judgePredicted } from '../../../src/matrix/index.ts';
import type { Decision } from '../../../src/model/index.ts';
import type { Verdict } from '../../../src/probe/index.ts';
import { legend, markOf, placed } from '../../../src/report/mark.ts';
import type { Expectation } from '../../../src/scenario/index.ts';
import { predicted, seen } from './sample-run.ts';

const cell = (
  expectation: Expectation | 'nothing' | null,
  verdict: Verdict,
  { model = null, leftOpen = false }: { readonly model?: Decision | null; readonly leftOpen?: boolean } = {},
): Cell => {
  const { attempts: _, detail: __, flaky: ___, verdict: ____, ...probe } = seen(['a/x', 'a/y', '80/TCP', verdict]);
  const expected = expectation && [{ ...probe, expectation: expectation === 'nothing' ? null : expectation }];
  const predictions = model === null ? [] : [{ ...predicted(['a/x', 'a/y', '80/TCP', model]), leftOpen }];
  return judge(expected, [seen(['a/x', 'a/y', '80/TCP', verdict])], predictions)[0] ?? expect.fail('no cell');
};

describe('markOf', () => {
  const seenMarks: readonly [Expectation | null, Verdict, string][] = [
    ['allow', 'allowed', '.'],
    ['deny', 'dropped', 'X'],
    ['deny', 'rejected', 'R'],
    ['drop', 'dropped', 'X'],
    ['reject', 'rejected', 'R'],
    ['allow', 'rejected', '[R≠.]'],
    ['allow', 'dropped', '[X≠.]'],
    ['deny', 'allowed', '[.≠X]'],
    ['drop', 'allowed', '[.≠D]'],
    ['drop', 'rejected', '[R≠D]'],
    ['reject', 'allowed', '[.≠R]'],
    ['reject', 'dropped', '[X≠R]'],
    ['reject', 'unsupported', '-'],
    ['drop', 'error', '[?]'],
    [null, 'rejected', 'R'],
  ];
  for (const [expected, verdict, mark] of seenMarks)
    it(`is ${mark} for ${verdict} where ${expected ?? 'nothing'} is expected`, () =>
      expect(markOf(cell(expected, verdict))).to.equal(mark));

  const open: readonly [Verdict, string][] = [
    ['allowed', '(.)'],
    ['dropped', '(X)'],
    ['rejected', '(R)'],
    ['unsupported', '(-)'],
    ['error', '[?]'],
  ];
  for (const [verdict, mark] of open)
    it(`is ${mark} for ${verdict} where the specification leaves it open, whatever is expected`, () => {
      for (const expected of ['allow', 'deny', null] as const)
        expect(markOf(cell(expected, verdict, { model: 'unknown', leftOpen: true }))).to.equal(mark);
    });

  const exempt: readonly [Verdict, string][] = [
    ['allowed', '.*'],
    ['dropped', 'X*'],
    ['rejected', 'R*'],
    ['unsupported', '-*'],
    ['error', '[?]'],
  ];
  const probe = { from: 'a/x', to: 'a/y', port: 80, protocol: 'TCP' } as const;
  const ofNothing = [{ ...probe, expectation: null }];
  for (const [verdict, mark] of exempt)
    it(`is ${mark} for ${verdict} where a grid expects nothing`, () => {
      const cells = judge(ofNothing, [seen(['a/x', 'a/y', '80/TCP', verdict])]);
      expect(cells.map(markOf)).to.deep.equal([mark]);
    });

  it('is ~* for a flaky cell of which a grid expects nothing, and no disagreement', () => {
    const observation = { ...seen(['a/x', 'a/y', '80/TCP', 'allowed']), flaky: true };
    const [one] = judge(ofNothing, [observation], [predicted(['a/x', 'a/y', '80/TCP', 'deny'])]);
    expect(one && markOf(one)).to.equal('~*');
    expect(legend(one ? [one] : [], 100)).to.deep.equal(['~* flaky, nothing expected']);
  });

  it('has * behind what is predicted where a grid expects nothing', () => {
    const marks = (['allow', 'deny', 'unknown'] as const).map((model) =>
      judgePredicted(ofNothing, [predicted(['a/x', 'a/y', '80/TCP', model])]).map(markOf),
    );
    expect(marks.flat()).to.deep.equal(['.*', 'X*', 'u*']);
  });

  it('is (u) where that is predicted', () => {
    const prediction = { ...predicted(['a/x', 'a/y', '80/TCP', 'unknown']), leftOpen: true };
    expect(judgePredicted(null, [prediction]).map(markOf)).to.deep.equal(['(u)']);
  });

  it('has ! behind it for a refusal, as for no answer, if the specification allows it', () => {
    expect(markOf(cell('deny', 'rejected', { model: 'allow' }))).to.equal('R!');
    expect(markOf(cell('reject', 'rejected', { model: 'deny' }))).to.equal('R');
  });
});

describe('placed', () => {
  it('has the mark in the second place, be it in brackets or alone', () => {
    expect(['.', 'R', '.*', '[R≠.]', '(X)', '(u)'].map(placed)).to.deep.equal([
      ' .',
      ' R',
      ' .*',
      '[R≠.]',
      '(X)',
      '(u)',
    ]);
  });
});

describe('legend', () => {
  it('distinguishes a refusal from no answer, and what is undefined from what is judged', () => {
    const cells = [
      cell('deny', 'dropped'),
      cell('deny', 'rejected'),
      cell('reject', 'dropped'),
      cell('drop', 'rejected'),
      cell('deny', 'allowed', { model: 'unknown', leftOpen: true }),
    ];
    const text = legend(cells, 1000).join('   ');
    expect(text.split('   ')).to.deep.equal([
      'X blocked',
      'R blocked by a refusal',
      '[X≠R] blocked, expected refused',
      '[R≠D] refused, expected no answer',
      '(.) allowed, undefined by the specification',
    ]);
  });

  it('has a meaning for the mark of any cell', () => {
    const verdict = fc.constantFrom<Verdict>('allowed', 'dropped', 'rejected', 'error', 'unsupported');
    const expectation = fc.constantFrom<Expectation | 'nothing' | null>(
      'allow',
      'deny',
      'drop',
      'reject',
      'nothing',
      null,
    );
    const model = fc.constantFrom<Decision | null>('allow', 'deny', 'unknown', null);
    fc.assert(
      fc.property(expectation, verdict, model, fc.boolean(), (expected, observed, said, open) => {
        const one = cell(expected, observed, { model: said, leftOpen: open && said === 'unknown' });
        const [first = ''] = legend([one], 1000);
        expect(first.startsWith(`${markOf(one).replace(/!$/, '')} `), `${markOf(one)}: ${first}`).to.equal(true);
      }),
    );
  });
});
