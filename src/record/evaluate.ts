import type { RecordedCell, Turn } from './recording.ts';
import { isOpen, type Sample, sift } from './samples.ts';

type Head = Omit<RecordedCell, keyof Facts>;
type Facts = Pick<RecordedCell, 'enforcedMs' | 'gapMs' | 'late' | 'samples' | 'lost' | 'broken' | 'turns'>;

/**
 * What a cell's connections, in the order in which they began, say about a change that was acknowledged at this time.
 * Times are on one clock.
 */
export const evaluate = (cell: Head, all: readonly Sample[], acknowledgedMs: number): RecordedCell => {
  const { samples, lost, broken } = sift(all);
  const starts = samples.flatMap((sample, at) => {
    const before = samples[at - 1];
    return before && isOpen(before) === isOpen(sample) ? [] : at;
  });
  const turns = starts.map((at): Turn => {
    const sample = samples[at] as Sample;
    return { atMs: rounded(sample.atMs - acknowledgedMs), open: isOpen(sample) };
  });
  const facts = { samples: samples.length, lost, broken, turns };
  const goal = cell.direction === 'opened';
  const last = starts.at(-1) ?? 0;
  const flip = samples[last];
  // If nothing is known of the time before, it took effect at any time since the change was accepted.
  const beforeMs = samples[last - 1]?.atMs ?? (flip && flip.atMs > acknowledgedMs ? acknowledgedMs : undefined);
  if (cell.direction === 'steady' || !flip || beforeMs === undefined || isOpen(flip) !== goal)
    return { ...cell, enforcedMs: null, gapMs: null, late: lateIn(cell, samples, acknowledgedMs), ...facts };
  return {
    ...cell,
    enforcedMs: Math.max(0, rounded(flip.atMs - acknowledgedMs)),
    gapMs: rounded(flip.atMs - beforeMs),
    late: lateIn(cell, samples, acknowledgedMs),
    ...facts,
  };
};

const lateIn = ({ direction }: Head, samples: readonly Sample[], acknowledgedMs: number): number =>
  direction === 'steady'
    ? 0
    : samples.filter((sample) => sample.atMs > acknowledgedMs && isOpen(sample) !== (direction === 'opened')).length;

/** To a tenth of a millisecond: the recorder knows no better. */
const rounded = (ms: number): number => Math.round(ms * 10) / 10;
