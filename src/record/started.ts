import { isOpen, type Sample, sift } from './samples.ts';
import type { CellOfStart } from './starts.ts';

type Head = Omit<CellOfStart, keyof Facts>;
type Facts = Pick<CellOfStart, 'windowMs' | 'gapMs' | 'sinceMs' | 'wrong' | 'blindMs' | 'samples' | 'lost' | 'broken'>;

/**
 * What a cell's connections, in the order in which they began, say about a start at this time. By the end, what became
 * of all that began before is known.
 */
export const evaluateStart = (cell: Head, all: readonly Sample[], startMs: number, endMs: number): CellOfStart => {
  const own = all.filter(({ atMs }) => atMs >= startMs && atMs < endMs);
  const { samples, lost, broken } = sift(own);
  const isRight = (sample: Sample): boolean => isOpen(sample) === (cell.window === 'closed');
  const wrong = samples.filter((sample) => !isRight(sample));
  const last = samples.findLastIndex((sample) => !isRight(sample));
  const right = samples[last + 1];
  const [first] = wrong;
  const before = samples[last];
  const facts = {
    windowMs: right ? (first ? rounded(right.atMs - startMs) : 0) : null,
    gapMs: right && before ? rounded(right.atMs - before.atMs) : null,
    sinceMs: first ? rounded(first.atMs - startMs) : null,
    wrong: wrong.length,
    blindMs: blindIn(samples, startMs, endMs),
    samples: samples.length,
    lost,
    broken,
  };
  return { ...cell, ...facts };
};

const blindIn = (samples: readonly Sample[], startMs: number, endMs: number): number => {
  const times = [startMs, ...samples.map(({ atMs }) => atMs), endMs];
  return rounded(Math.max(...times.slice(1).map((atMs, at) => atMs - (times[at] ?? atMs))));
};

/** To a tenth of a millisecond: the recorder knows no better. */
const rounded = (ms: number): number => Math.round(ms * 10) / 10;
