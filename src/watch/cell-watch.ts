import { isOpen, type Sample } from '../record/index.ts';

/** What a cell's connections show. Times are on their clock. */
export type Change =
  | {
      readonly kind: 'flip';
      readonly atMs: number;
      readonly open: boolean;
      readonly afterMs: number;
      readonly lastedMs: number | null;
    }
  | { readonly kind: 'dark'; readonly fromMs: number }
  | { readonly kind: 'light'; readonly fromMs: number; readonly toMs: number };

export interface CellWatch {
  /** The next connection, in the order in which they began. */
  see(sample: Sample): readonly Change[];
  /** From now on a time without evidence is one, even before the first. */
  begin(atMs: number): void;
  /** All connections that began before this have been seen. */
  reach(atMs: number): readonly Change[];
  /** null if nothing is known. */
  readonly open: boolean | null;
  /** When the last connection with a known outcome began; null before the first. */
  readonly seenMs: number | null;
  readonly samples: number;
  readonly lost: number;
}

export interface CellWatchOptions {
  /** Without a known outcome for longer than this, nothing is known of the cell. */
  readonly darkAfterMs: number;
  /** How many silent connections in a row prove that it is closed. A single one may be a lost packet. */
  readonly proof: 1 | 2;
}

/** Follows one cell. The same rules as for a recorded change tell a lost packet from a policy (docs/time.md). */
export const createCellWatch = ({ darkAfterMs, proof }: CellWatchOptions): CellWatch => {
  let state: boolean | null = null;
  let isDark = false;
  let flippedMs: number | null = null;
  let knownMs = Number.POSITIVE_INFINITY;
  let held: Sample | null = null;
  let [samples, lost] = [0, 0];

  const accept = (atMs: number, open: boolean): readonly Change[] => {
    const changes: Change[] = [];
    if (isDark) changes.push({ kind: 'light', fromMs: knownMs, toMs: atMs });
    if (state !== null && state !== open) {
      const lastedMs = flippedMs === null ? null : Math.round(atMs - flippedMs);
      changes.push({ kind: 'flip', atMs, open, afterMs: knownMs, lastedMs });
      flippedMs = atMs;
    }
    [state, isDark, knownMs] = [open, false, atMs];
    samples += 1;
    return changes;
  };

  return {
    see: (sample) => {
      if (sample.outcome === null) return [];
      const open = isOpen(sample);
      const before = held;
      held = null;
      if (sample.outcome === 'silent' && state === true && !before && proof > 1) {
        held = sample;
        return [];
      }
      if (before && open) lost += 1;
      return [...(before && !open ? accept(before.atMs, false) : []), ...accept(sample.atMs, open)];
    },
    begin: (atMs) => {
      if (state === null) knownMs = atMs;
    },
    reach: (atMs) => {
      if (isDark || atMs - knownMs <= darkAfterMs) return [];
      [isDark, held] = [true, null];
      return [{ kind: 'dark', fromMs: knownMs }];
    },
    get open() {
      return isDark ? null : state;
    },
    get seenMs() {
      return samples > 0 ? knownMs : null;
    },
    get samples() {
      return samples;
    },
    get lost() {
      return lost;
    },
  };
};
