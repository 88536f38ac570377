import { expect } from 'chai';
import { evaluate } from '../../../src/record/evaluate.ts';
import type { RecordedCell } from '../../../src/record/recording.ts';
import { faultOf } from '../../../src/record/recording.ts';
import { hasReached, type Outcome, type Sample } from '../../../src/record/samples.ts';

const OUTCOMES: Readonly<Record<string, Outcome>> = { '.': 'answered', X: 'silent', R: 'refused', '?': null };

/** A connection each 10 ms from 1,000 on, by its mark. */
const samples = (marks: string): readonly Sample[] =>
  [...marks].map((mark, at) => ({ atMs: 1_000 + 10 * at, outcome: OUTCOMES[mark] ?? null }));

/** The change is acknowledged at 1,025, between the third connection and the fourth. */
const seen = (direction: RecordedCell['direction'], marks: string): RecordedCell =>
  evaluate(
    { from: 'a/x', to: 'a/y', port: 80, protocol: 'TCP', direction, fromNode: 'n1', toNode: 'n2' },
    samples(marks),
    1_025,
  );

describe('what connections say about a change', () => {
  it('that closed a cell: from the first that was blocked, and what leaked before', () => {
    expect(seen('closed', '......XXX')).to.deep.include({
      enforcedMs: 35,
      gapMs: 10,
      late: 3,
      samples: 9,
      turns: [
        { atMs: -25, open: true },
        { atMs: 35, open: false },
      ],
    });
  });

  it('that opened a cell: from the first that got through, and what was refused before', () => {
    expect(seen('opened', 'XXRRR...')).to.deep.include({ enforcedMs: 25, gapMs: 10, late: 2, samples: 8 });
  });

  it('counts from the last time that the outcome was the old one', () => {
    expect(seen('closed', '....XX.XXX')).to.deep.include({ enforcedMs: 45, late: 2 });
    expect(seen('closed', '....XX.XXX').turns.map(({ open }) => open)).to.deep.equal([true, false, true, false]);
  });

  it('at no time before it was accepted', () => {
    expect(seen('opened', 'XX......').enforcedMs).to.equal(0);
  });

  it('leaves out what broke, and then the gap is longer', () => {
    expect(seen('closed', '....??XX')).to.deep.include({ enforcedMs: 35, gapMs: 30, late: 1, broken: 2, samples: 6 });
  });

  it('took effect at any time since it was accepted if nothing is known of the time before', () => {
    expect(seen('opened', '?????...')).to.deep.include({ enforcedMs: 25, gapMs: 25, late: 0 });
    expect(seen('opened', '.....')).to.deep.include({ enforcedMs: null, gapMs: null });
  });

  it('takes one silent connection among answered ones for a lost packet', () => {
    const cell = seen('steady', '....X....X');
    expect(cell).to.deep.include({ lost: 2, samples: 8, turns: [{ atMs: -25, open: true }] });
    expect(faultOf(cell, {})).to.equal(null);
  });

  it('takes two for a policy, and one that was refused or answered at once', () => {
    for (const marks of ['....XX...', '....R....', 'XXXX.XXXX'])
      expect(faultOf(seen('steady', marks), {}), marks).to.equal('unsteady');
  });

  const faults: readonly [
    RecordedCell['direction'],
    marks: string,
    withinMs: number | undefined,
    fault: string | null,
  ][] = [
    ['closed', '......XX', undefined, null],
    ['closed', '......XX', 35, null],
    // It took effect between the last that got through, at 25 ms, and the first that did not.
    ['closed', '......XX', 34, 'unclear'],
    ['closed', '......XX', 25, 'unclear'],
    ['closed', '......XX', 24, 'too-late'],
    ['opened', '???????..', 40, 'unclear'],
    ['closed', '........', undefined, 'not-enforced'],
    ['opened', 'XXXXXXXX', 10_000, 'not-enforced'],
    ['opened', 'XXXX...R', undefined, 'not-enforced'],
    ['opened', '........', 1, null],
    ['steady', 'XXXXXXXX', 1, null],
    ['closed', '????????', undefined, 'unseen'],
    ['steady', '', undefined, 'unseen'],
  ];
  for (const [direction, marks, withinMs, fault] of faults)
    it(`finds ${fault ?? 'no fault'} in ${direction} ${marks}${withinMs === undefined ? '' : ` within ${withinMs} ms`}`, () => {
      expect(faultOf(seen(direction, marks), withinMs === undefined ? {} : { withinMs })).to.equal(fault);
    });

  it('shows a new state by three connections in a row that began after it was accepted', () => {
    expect(hasReached(samples('...XXX'), false, 1_025)).to.equal(true);
    expect(hasReached(samples('..XXXX'), false, 1_035)).to.equal(false);
    expect(hasReached(samples('...X.X'), false, 1_025)).to.equal(false);
    expect(hasReached(samples('XXXX.?..'), true, 1_025)).to.equal(true);
    expect(hasReached(samples('XXXX??..'), true, 1_025)).to.equal(false);
  });
});
