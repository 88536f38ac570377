import { expect } from 'chai';
import type { Probe } from '../../../src/scenario/index.ts';
import { eventsOf, type Kept, keepChange } from '../../../src/watch/index.ts';

const [a, b, c] = ['a', 'b', 'c'].map(
  (name): Probe => ({ from: `dev/${name}`, to: 'prod/web', port: 80, protocol: 'TCP' }),
) as [Probe, Probe, Probe];
const flip = (atMs: number, open: boolean) => ({
  kind: 'flip' as const,
  atMs,
  open,
  afterMs: atMs - 50,
  lastedMs: null,
});

describe('the log of a watch', () => {
  it('keeps the flips of a cell, and each gap with its end', () => {
    const kept: Kept = { flips: [], gaps: [] };
    const changes = [
      flip(1, false),
      { kind: 'dark' as const, fromMs: 2 },
      { kind: 'light' as const, fromMs: 2, toMs: 5 },
      { kind: 'dark' as const, fromMs: 7 },
    ];
    for (const change of changes) keepChange(kept, change);
    expect(kept).to.deep.equal({
      flips: [{ atMs: 1, open: false, afterMs: -49, lastedMs: null }],
      gaps: [
        { fromMs: 2, toMs: 5 },
        { fromMs: 7, toMs: null },
      ],
    });
  });

  it('names cells together of which nothing is known, and flips one by one in their order', () => {
    expect(
      eventsOf([
        [a, flip(9, true)],
        [b, { kind: 'dark', fromMs: 4 }],
        [c, { kind: 'dark', fromMs: 3 }],
        [b, flip(8, false)],
        [a, { kind: 'light', fromMs: 1, toMs: 6 }],
      ]),
    ).to.deep.equal([
      { kind: 'dark', probes: [b, c], fromMs: 3 },
      { kind: 'light', probes: [a], fromMs: 1, toMs: 6 },
      { probe: b, ...flip(8, false) },
      { probe: a, ...flip(9, true) },
    ]);
    expect(eventsOf([])).to.deep.equal([]);
  });
});
