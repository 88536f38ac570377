import type { WatchResult } from '../../watch/index.ts';

/** 1 if a cell flipped; 2 if none was seen to, but nothing was known of one for a time; otherwise 0. */
export const watchExitCode = ({ cells }: WatchResult): 0 | 1 | 2 => {
  if (cells.some(({ flips }) => flips.length > 0)) return 1;
  return cells.length === 0 || cells.some(({ gaps }) => gaps.length > 0) ? 2 : 0;
};
