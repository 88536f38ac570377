import type { RecordedCell, Recording } from '../../../src/record/index.ts';

/** A cell that was recorded, in the state from before the change until it was enforced, if it was. */
export const cell = (
  from: string,
  direction: RecordedCell['direction'],
  more: Partial<RecordedCell> = {},
): RecordedCell => {
  const { enforcedMs = null } = more;
  const before = direction !== 'opened';
  const after = direction === 'opened';
  return {
    ...{ from, to: 'prod/web', port: 80, protocol: 'TCP', direction, fromNode: 'n1', toNode: 'n2' },
    ...{ enforcedMs, gapMs: enforcedMs === null ? null : 15, late: 0, samples: 100, lost: 0, broken: 0 },
    turns: [{ atMs: -60, open: before }, ...(enforcedMs === null ? [] : [{ atMs: enforcedMs, open: after }])],
    ...more,
  };
};

/** They, recorded every 15 ms. */
export const recordingOf = (cells: readonly RecordedCell[], more: Partial<Recording> = {}): Recording => ({
  ...{ tickMs: 15, clockErrorMs: 0.6, requestsMs: 0, watchedMs: 400, deadlineMs: 30_000, cells, unwatched: 0 },
  ...more,
});
