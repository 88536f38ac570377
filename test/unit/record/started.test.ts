import { expect } from 'chai';
import type { Outcome, Sample } from '../../../src/record/samples.ts';
import { evaluateStart } from '../../../src/record/started.ts';
import { type CellOfStart, startFaultOf, startStatus } from '../../../src/record/starts.ts';

const OUTCOMES: Readonly<Record<string, Outcome>> = { '.': 'answered', X: 'silent', R: 'refused', '?': null };

/** A connection each 10 ms from 1,000 on, by its mark. The pod starts at 1,025, between the third and the fourth. */
const seen = (window: CellOfStart['window'], marks: string, startMs = 1_025): CellOfStart => {
  const samples = [...marks].map((mark, at): Sample => ({ atMs: 1_000 + 10 * at, outcome: OUTCOMES[mark] ?? null }));
  const head = {
    from: 'a/x',
    to: 'a/y',
    port: 80,
    protocol: 'TCP',
    direction: 'egress',
    peerNode: 'n1',
    window,
  } as const;
  return evaluateStart(head, samples, startMs, 1_000 + 10 * marks.length);
};

describe('what connections say about a start', () => {
  it('that was open: until the first that was blocked after the last leak, and how many leaked', () => {
    expect(seen('open', 'XXX....XXX')).to.deep.include({
      windowMs: 45,
      gapMs: 10,
      sinceMs: 5,
      wrong: 4,
      samples: 7,
      blindMs: 10,
    });
    expect(seen('open', 'XXXXXX..XX')).to.deep.include({ windowMs: 55, sinceMs: 35, wrong: 2 });
    expect(seen('open', 'XXX.XXX.XX')).to.deep.include({ windowMs: 55, sinceMs: 5, wrong: 2 });
  });

  it('that was closed: until the first that got through after which none failed', () => {
    expect(seen('closed', 'XXXXR.....')).to.deep.include({ windowMs: 25, sinceMs: 5, wrong: 2 });
    expect(seen('closed', 'XXX.RR....')).to.deep.include({ windowMs: 35, sinceMs: 15, wrong: 2 });
  });

  it('that never was otherwise: 0, whatever was before it', () => {
    expect(seen('open', '...XXXXXXX')).to.deep.include({ windowMs: 0, gapMs: null, sinceMs: null, wrong: 0 });
    expect(seen('closed', 'XXX.......')).to.deep.include({ windowMs: 0, sinceMs: null, wrong: 0 });
    expect(seen('closed', 'XXX...X...')).to.deep.include({ windowMs: 0, wrong: 0, lost: 1 });
  });

  it('that still was at the end: unknown', () => {
    expect(seen('open', 'XXXXXXXXX.')).to.deep.include({ windowMs: null, gapMs: null, sinceMs: 65, wrong: 1 });
    expect(seen('closed', 'XXXXXXXXXX')).to.deep.include({ windowMs: null, wrong: 7 });
  });

  it('that ended while nothing was known: at any time since the last that was otherwise', () => {
    expect(seen('open', 'XXX.????XX')).to.deep.include({ windowMs: 55, gapMs: 50, wrong: 1 });
    expect(seen('closed', '...X??X...')).to.deep.include({ windowMs: 45, gapMs: 10, wrong: 2 });
  });

  it('says for how long nothing is known: at first, in between, and at last', () => {
    expect(seen('open', 'XXX???XXXX')).to.deep.include({ windowMs: 0, blindMs: 35, broken: 3 });
    expect(seen('open', 'XXXX????XX')).to.deep.include({ windowMs: 0, blindMs: 50 });
    expect(seen('open', 'XXXXXX????')).to.deep.include({ windowMs: 0, blindMs: 50 });
    expect(seen('open', 'XXX???????')).to.deep.include({ windowMs: null, samples: 0 });
  });

  const cell = (window: CellOfStart['window'], more: Partial<CellOfStart>): CellOfStart => ({
    ...seen(window, window === 'open' ? 'XXXXXXXX' : '........'),
    ...more,
  });
  const faults: readonly [CellOfStart, limits: { openAtMostMs?: number; closedAtMostMs?: number }, string | null][] = [
    [cell('open', { windowMs: 0 }), { openAtMostMs: 0 }, null],
    [cell('open', { windowMs: 0.1 }), { openAtMostMs: 0 }, 'too-long'],
    [cell('open', { windowMs: 900 }), {}, null],
    [cell('open', { windowMs: 900 }), { closedAtMostMs: 0 }, null],
    [cell('closed', { windowMs: 2_000 }), { openAtMostMs: 0, closedAtMostMs: 2_000 }, null],
    [cell('closed', { windowMs: 2_000.1 }), { closedAtMostMs: 2_000 }, 'too-long'],
    // The last that got through began after 50 ms.
    [cell('open', { windowMs: 900, gapMs: 850 }), { openAtMostMs: 899 }, 'unclear'],
    [cell('open', { windowMs: 900, gapMs: 850 }), { openAtMostMs: 51 }, 'unclear'],
    [cell('open', { windowMs: 900, gapMs: 850 }), { openAtMostMs: 50 }, 'too-long'],
    [cell('open', { windowMs: 900, gapMs: 900 }), { openAtMostMs: 0 }, 'too-long'],
    [cell('closed', { windowMs: 2_100, gapMs: 150 }), { closedAtMostMs: 2_000 }, 'unclear'],
    [cell('closed', { windowMs: 2_100, gapMs: 15 }), { closedAtMostMs: 2_000 }, 'too-long'],
    [cell('closed', { windowMs: null }), {}, 'not-enforced'],
    [cell('open', { windowMs: 0, samples: 0 }), {}, 'unseen'],
    [cell('open', { windowMs: 0, blindMs: 1_000 }), {}, null],
    [cell('open', { windowMs: 0, blindMs: 1_000.1 }), {}, 'unseen'],
  ];
  for (const [one, limits, fault] of faults)
    it(`finds ${fault ?? 'no fault'} in ${one.window} for ${one.windowMs} ms, ${one.samples} samples, blind for ${one.blindMs} ms, with ${JSON.stringify(limits)}`, () => {
      expect(startFaultOf(one, limits)).to.equal(fault);
    });

  it('is an error if too little is known of one, whatever the others say', () => {
    const facts = { starts: [], atOnce: 1, repeated: 0, tickMs: 15, clockErrorMs: 1, deadlineMs: 9, unwatched: 0 };
    const status = (...cells: readonly CellOfStart[]) =>
      startStatus({ ...facts, openAtMostMs: 0, cells: cells.map((one) => ({ ...one, start: 0 })) });
    const [good, leaky, unseen] = [{}, { windowMs: 7 }, { samples: 0 }].map((more) => cell('open', more));
    const unclear = cell('closed', { windowMs: 100, gapMs: 90 });
    expect(good && status(good, good)).to.equal('pass');
    expect(good && leaky && status(good, leaky)).to.equal('fail');
    expect(startStatus({ ...facts, closedAtMostMs: 50, cells: [{ ...unclear, start: 0 }] })).to.equal('fail');
    expect(leaky && status(leaky)).to.equal('fail');
    expect(good && leaky && unseen && status(good, leaky, unseen)).to.equal('error');
    expect(status()).to.equal('error');
  });
});
