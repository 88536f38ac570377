import type { Probe } from '../scenario/index.ts';
import type { Change } from './cell-watch.ts';
import type { Flip, Gap, WatchEvent } from './result.ts';

/** A cell that flips more often keeps its first flips. */
const KEPT_PER_CELL = 1_000;

export interface Kept {
  readonly flips: Flip[];
  readonly gaps: Gap[];
}

/** Keeps what a cell's changes come to, with times since 1970. */
export const keepChange = (kept: Kept, change: Change): void => {
  if (change.kind === 'flip') {
    const { atMs, open, afterMs, lastedMs } = change;
    if (kept.flips.length < KEPT_PER_CELL) kept.flips.push({ atMs, open, afterMs, lastedMs });
  } else if (change.kind === 'dark') {
    if (kept.gaps.length < KEPT_PER_CELL) kept.gaps.push({ fromMs: change.fromMs, toMs: null });
  } else {
    const last = kept.gaps.pop();
    if (last) kept.gaps.push({ ...last, toMs: last.toMs ?? change.toMs });
  }
};

/** The events of changes that were seen at the same time: each flip by itself, and cells of which nothing is known together. */
export const eventsOf = (changes: readonly (readonly [Probe, Change])[]): readonly WatchEvent[] => {
  const events = changes.flatMap(([probe, change]): readonly WatchEvent[] => {
    if (change.kind !== 'flip') return [];
    return [{ probe, ...change }];
  });
  const darkened = changes.flatMap(([probe, change]) => (change.kind === 'dark' ? [{ probe, ...change }] : []));
  const lit = changes.flatMap(([probe, change]) => (change.kind === 'light' ? [{ probe, ...change }] : []));
  const earliest = (times: readonly number[]): number => Math.min(...times);
  return [
    ...(darkened.length > 0
      ? [
          {
            kind: 'dark' as const,
            probes: darkened.map(({ probe }) => probe),
            fromMs: earliest(darkened.map(({ fromMs }) => fromMs)),
          },
        ]
      : []),
    ...(lit.length > 0
      ? [
          {
            kind: 'light' as const,
            probes: lit.map(({ probe }) => probe),
            fromMs: earliest(lit.map(({ fromMs }) => fromMs)),
            toMs: Math.max(...lit.map(({ toMs }) => toMs)),
          },
        ]
      : []),
    ...events.toSorted((one, other) => timeOf(one) - timeOf(other)),
  ];
};

const timeOf = (event: WatchEvent): number => ('atMs' in event ? event.atMs : event.fromMs);
