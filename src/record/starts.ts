import type { Probe } from '../scenario/index.ts';

/** One start of a pod. */
export interface Start {
  /** The pod by its name in the scenario; the one that started was another one like it. */
  readonly pod: string;
  readonly node: string;
}

/**
 * A cell of a pod that started, and for how long it was not as the model says. Its end that started has the name of the
 * pod in the scenario.
 */
export interface StartedCell extends CellOfStart {
  /** Its place among the starts. */
  readonly start: number;
}

/** The same of a single start. */
export interface CellOfStart extends Probe {
  /** `egress`: from the pod that started, since its container did; `ingress`: to it. */
  readonly direction: 'egress' | 'ingress';
  /** `open`: the model denies it, so each connection is a leak; `closed`: the model allows it, so each that fails is missing. */
  readonly window: 'open' | 'closed';
  /** The node of the other end. */
  readonly peerNode: string;
  /**
   * From the start to the first connection that was as the model says after which none was otherwise; 0 if all were so, null
   * if the last one was otherwise, or if nothing is known. What is closed to others counts from when the pod's server
   * answered the pod itself.
   */
  readonly windowMs: number | null;
  /** How long before that the last connection that was otherwise began: the window ended somewhere between. null if none was. */
  readonly gapMs: number | null;
  /** From the start to the first connection that was otherwise; null if none was. */
  readonly sinceMs: number | null;
  /** How many were: leaks, or connections that are missing. */
  readonly wrong: number;
  /** The longest time of which nothing is known. */
  readonly blindMs: number;
  /** Connections whose outcome is known, lost packets, and connections that prove nothing, as in `RecordedCell`. */
  readonly samples: number;
  readonly lost: number;
  readonly broken: number;
}

/** How pods started under the policies of a step: which of their cells were open too early, and which too late. */
export interface Starts {
  readonly starts: readonly Start[];
  readonly cells: readonly StartedCell[];
  /** How many started at the same time. */
  readonly atOnce: number;
  /** How many starts were repeated because too little was known of them. */
  readonly repeated: number;
  /** How often each cell was tried. */
  readonly tickMs: number;
  readonly clockErrorMs: number;
  /** How long it was willing to wait for a cell to be as the model says. */
  readonly deadlineMs: number;
  /** What the step expects (`openAtMost`, `closedAtMost`). */
  readonly openAtMostMs?: number;
  readonly closedAtMostMs?: number;
  /** Cells to pods that started of which nothing is known, because the CNI does not say a pod's address before it starts. */
  readonly unwatched: number;
}

/**
 * What is wrong with a cell of a start. `unclear`: its window may have been short enough, but too little was seen around
 * that time to know; `unseen`: too little is known of it, so it proves nothing.
 */
export type StartFault = 'unseen' | 'not-enforced' | 'too-long' | 'unclear';

/** A window could hide in a time as long as this. */
const BLIND_AT_MOST_MS = 1_000;

/** null if nothing is. */
export const startFaultOf = (
  { window, windowMs, gapMs, samples, blindMs }: CellOfStart,
  { openAtMostMs, closedAtMostMs }: Pick<Starts, 'openAtMostMs' | 'closedAtMostMs'>,
): StartFault | null => {
  if (samples === 0 || blindMs > BLIND_AT_MOST_MS) return 'unseen';
  if (windowMs === null) return 'not-enforced';
  const atMostMs = window === 'open' ? openAtMostMs : closedAtMostMs;
  if (atMostMs === undefined || windowMs <= atMostMs) return null;
  // A connection that was otherwise as late as the limit is one too many.
  return windowMs - (gapMs ?? 0) >= atMostMs ? 'too-long' : 'unclear';
};

/** What starts amount to: an error if too little is known of one, because then nothing is proven. */
export const startStatus = (starts: Starts): 'pass' | 'fail' | 'error' => {
  const faults = new Set(starts.cells.map((cell) => startFaultOf(cell, starts)));
  if (faults.has('unseen') || starts.cells.length === 0) return 'error';
  return faults.size > 1 || !faults.has(null) ? 'fail' : 'pass';
};
