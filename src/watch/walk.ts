import { bareProbe, type Probe } from '../scenario/index.ts';
import type { WatchedCell, WatchResult } from './result.ts';

/** A state of the policies that was gone through while cells were watched. */
export interface WalkedState {
  /** When its change was made, in ms since 1970. */
  readonly fromMs: number;
  /** How long it took the API server and the nodes to follow. */
  readonly enforcedMs: number;
  /** Cells of which no connection since then has a known outcome. */
  readonly unseen: readonly Probe[];
}

/** From one state to another, one change at a time, with cells that must not change watched all the time. */
export interface Walk {
  /** The first is that before any change. */
  readonly states: readonly WalkedState[];
  readonly watched: WatchResult;
}

/** A time in which a cell was not what it has to be. */
export interface Violation {
  readonly probe: Probe;
  readonly what: 'cut' | 'opened';
  /** After how many changes it began. */
  readonly after: number;
  /** How long after that change was made. */
  readonly sinceMs: number;
  /** null if it lasted to the end. */
  readonly forMs: number | null;
}

/** Each time that a watched cell was not as it has to be, in the order of the changes. */
export const violationsIn = (
  { states, watched }: Walk,
  hasToBeOpen: (probe: Probe) => boolean,
): readonly Violation[] => {
  const stateAt = (atMs: number): number =>
    Math.max(
      0,
      states.findLastIndex(({ fromMs }) => fromMs <= atMs),
    );
  return watched.cells
    .flatMap((cell) => {
      const probe = bareProbe(cell);
      const wanted = hasToBeOpen(probe);
      return wrongTimes(cell, wanted, watched.fromMs).map(({ fromMs, toMs }): Violation => {
        const after = stateAt(fromMs);
        const sinceMs = Math.max(0, fromMs - (states[after]?.fromMs ?? fromMs));
        return { probe, what: wanted ? 'cut' : 'opened', after, sinceMs, forMs: toMs === null ? null : toMs - fromMs };
      });
    })
    .toSorted((one, other) => one.after - other.after || one.sinceMs - other.sinceMs);
};

/** When the cell was in the other state. */
const wrongTimes = ({ flips, open }: WatchedCell, wanted: boolean, beganMs: number) => {
  const first = flips[0] ? !flips[0].open : open;
  const turns = [...(first === null ? [] : [{ atMs: beganMs, open: first }]), ...flips];
  return turns.flatMap((turn, at) =>
    turn.open === wanted ? [] : [{ fromMs: turn.atMs, toMs: turns[at + 1]?.atMs ?? null }],
  );
};

/** Cells that were not seen in some state, or not for a time. */
export const unseenIn = ({ states, watched }: Walk): readonly Probe[] => [
  ...states.flatMap(({ unseen }) => unseen),
  ...watched.cells.filter(({ gaps }) => gaps.length > 0),
];
