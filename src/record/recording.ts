import type { Probe } from '../scenario/index.ts';

/** A state that a cell went into, in ms after the change was acknowledged; negative if before. */
export interface Turn {
  readonly atMs: number;
  readonly open: boolean;
}

/** One cell, as it was seen while a change took effect. */
export interface RecordedCell extends Probe {
  /** What the change does to it, according to the model. `steady`: nothing. */
  readonly direction: 'opened' | 'closed' | 'steady';
  readonly fromNode: string;
  readonly toNode: string;
  /**
   * From the acknowledgement to the first connection with the new outcome, after which none had the old one. null if the
   * outcome was still the old one at the end, if it was the new one from the beginning, and for a steady cell.
   */
  readonly enforcedMs: number | null;
  /** How long before that the last connection with the old outcome began: it took effect somewhere between. */
  readonly gapMs: number | null;
  /** Connections with the old outcome that began after the acknowledgement: leaks if it closed, refusals if it opened. */
  readonly late: number;
  /** Connections whose outcome is known. */
  readonly samples: number;
  /** Silent ones among answered ones: a lost packet, not a policy. They count for nothing else. */
  readonly lost: number;
  /** Connections that failed in themselves, and prove nothing. */
  readonly broken: number;
  /** The state at the beginning, then each other one. */
  readonly turns: readonly Turn[];
}

/** What the cells did that a step changes, and some of those that it must not change. */
export interface Recording {
  /** How often each cell was tried; it grows with the number of cells. */
  readonly tickMs: number;
  /** How far the clocks of podreach and of the nodes may be apart. */
  readonly clockErrorMs: number;
  /** From the first request's acknowledgement to the last one's, from which all times count. */
  readonly requestsMs: number;
  /** How long it recorded after that. */
  readonly watchedMs: number;
  /** How long it was willing to wait. */
  readonly deadlineMs: number;
  /** What the step expects (`enforceWithin`). */
  readonly withinMs?: number;
  readonly cells: readonly RecordedCell[];
  /** Cells that change but can't be recorded: other protocols than TCP, Services, hosts, pods that come or go. */
  readonly unwatched: number;
  /** The nodes whose canary did not follow in time. */
  readonly lateNodes?: readonly string[];
}

/**
 * What is wrong with a cell of a recording, whatever its matrix says. `unclear`: it may have been in time, but too little
 * was seen around that time to know.
 */
export type RecordedFault = 'not-enforced' | 'too-late' | 'unclear' | 'unsteady' | 'unseen';

/** null if nothing is. */
export const faultOf = (cell: RecordedCell, { withinMs }: Pick<Recording, 'withinMs'>): RecordedFault | null => {
  const { direction, enforcedMs, gapMs, samples, turns } = cell;
  if (samples === 0) return 'unseen';
  if (direction === 'steady') return turns.length > 1 ? 'unsteady' : null;
  if (turns.at(-1)?.open !== (direction === 'opened')) return 'not-enforced';
  if (withinMs === undefined || enforcedMs === null || enforcedMs <= withinMs) return null;
  return enforcedMs - (gapMs ?? 0) > withinMs ? 'too-late' : 'unclear';
};

/** Whether a recording says that something is wrong. */
export const hasFault = (recording: Recording): boolean =>
  recording.lateNodes !== undefined || recording.cells.some((cell) => faultOf(cell, recording) !== null);
