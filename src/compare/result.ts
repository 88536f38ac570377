import type { Status, StepResult } from '../matrix/index.ts';
import type { Decision, Direction, Family, Place, Protocol } from '../model/index.ts';

/**
 * What became of a cell. `may-open`, `may-close`: one side is undecided. `may-differ`: both are, and their rules are not
 * the same. `undecided`: both are, under the same rules, so that the change can't matter. `added`, `removed`: only one
 * side has the cell, because a pod, a port or another end is new or gone.
 */
export type Change = 'opened' | 'closed' | 'may-open' | 'may-close' | 'may-differ' | 'undecided' | 'added' | 'removed';

/** Why a cell is undecided. */
export type Doubt = 'undefined' | 'backends-differ' | 'lookup-unknown' | 'address-unknown';

export interface CellPort {
  readonly number: number;
  readonly protocol: Protocol;
}

/** A rule, or a policy as a whole, that made a difference to a cell. The place is on the side that it speaks of. */
export interface Cause {
  /** `allows` and `isolates` hold after the change, the others held before it. */
  readonly effect: 'allows' | 'isolates' | 'allowed' | 'isolated';
  readonly direction: Direction;
  /** `namespace/name` */
  readonly policy: string;
  /** 1 for the first rule in the direction; absent for the policy as a whole. */
  readonly rule?: number;
  readonly place?: Place;
  /** For a rule that no longer lets a cell through, or a policy that no longer isolates: where that is now, if it still exists. */
  readonly now?: Place;
}

/** Cells from each of some ends to each of others, except from an end to itself, with everything in common. */
export interface CellGroup {
  readonly change: Change;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly ports: readonly CellPort[];
  /** Given if the cluster has two. */
  readonly family?: Family;
  readonly cells: number;
  /** null if there is no such cell on that side. */
  readonly before: Decision | null;
  readonly after: Decision | null;
  /** Empty for cells that no policy changed, and for those beyond the first thousands. */
  readonly causes: readonly Cause[];
  readonly doubt?: Doubt;
  /** Allowed by the list of wanted changes. */
  readonly wanted?: true;
  /** Present if the change was proven live and both sides are decided, or the cell is new or gone. */
  readonly live?: SeenLive;
}

/** How many cells running pods showed to be as predicted, and how many to be otherwise; no verdict came for the others. */
export interface SeenLive {
  readonly alike: number;
  readonly otherwise: number;
}

/**
 * Why the switch between two states was not timed. `pods`: some are new or replaced. `services`: these or outside hosts
 * differ, so that each state had pods of its own. `not-asked`: nobody wanted to. `planned`: the changes were made one by
 * one instead.
 */
export type Untimed = 'pods' | 'services' | 'not-asked' | 'planned';

/** Both states on running pods. */
export interface LiveProof {
  readonly status: Status;
  /** `before` and `after`, as far as it came; the recording of the second is that of the switch. */
  readonly steps: readonly StepResult[];
  readonly untimed?: Untimed;
}

/** A policy that differs between the two sides. Renamed or moved ones with the same spec do not. */
export interface PolicyChange {
  /** `namespace/name` */
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Where it is, or was if it is gone. */
  readonly place: Place;
  /** No cell would be different without this change; `no-pod`: because the policy selects none. */
  readonly without?: 'effect' | 'pod';
}

/** An end that differs between the two sides. */
export interface EndChange {
  readonly name: string;
  readonly change: 'added' | 'removed' | 'labels' | 'ports' | 'other';
}

export interface Comparison {
  /** Of the scenario or the manifests, and of the step if there are several. */
  readonly name: string;
  /** The files that say so. */
  readonly before: string;
  readonly after: string;
  /** How many cells of each kind there are; `unchanged` are those that are decided alike. */
  readonly counts: Readonly<Record<Change | 'unchanged', number>>;
  readonly groups: readonly CellGroup[];
  readonly policies: readonly PolicyChange[];
  readonly ends: readonly EndChange[];
  /** Absent if it was not asked for, and if nothing differs. */
  readonly live?: LiveProof;
}

/** All that was compared. */
export interface ComparedResult {
  /** What the sides are called: paths, revisions, `stdin`. */
  readonly before: string;
  readonly after: string;
  readonly comparisons: readonly Comparison[];
  /** Scenarios that only one side has. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** The changes that are forbidden unless they are wanted. */
  readonly forbidden: readonly ('opened' | 'closed')[];
}
