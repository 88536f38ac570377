import type { Probe } from '../scenario/index.ts';

/** A cell that opened or closed while it was watched. All times are in ms since 1970. */
export interface Flip {
  readonly atMs: number;
  readonly open: boolean;
  /** When the last connection with the other outcome began: it flipped somewhere between. */
  readonly afterMs: number;
  /** How long it had been in the other state, if it had flipped to it before. */
  readonly lastedMs: number | null;
}

/** A time in which nothing is known of a cell. */
export interface Gap {
  readonly fromMs: number;
  /** null if it lasted to the end. */
  readonly toMs: number | null;
}

/** What became of one cell. */
export interface WatchedCell extends Probe {
  /** How it was watched: by a recorder's connections, or by repeated matrices. */
  readonly by: 'recorder' | 'matrix';
  /** null if nothing is known at the end. */
  readonly open: boolean | null;
  /** When the last connection with a known outcome began; null if there is none. */
  readonly seenMs: number | null;
  /** Connections whose outcome is known. */
  readonly samples: number;
  /** Silent ones among answered ones: a lost packet, not a policy. */
  readonly lost: number;
  readonly flips: readonly Flip[];
  readonly gaps: readonly Gap[];
}

export interface WatchResult {
  readonly fromMs: number;
  readonly toMs: number;
  /** How often each cell of a recorder was tried; null if none was. */
  readonly tickMs: number | null;
  readonly cells: readonly WatchedCell[];
}

/** What happens while cells are watched. */
export type WatchEvent =
  | ({ readonly kind: 'flip'; readonly probe: Probe } & Flip)
  /** Nothing is known of these cells since then, or again since `toMs`. */
  | { readonly kind: 'dark'; readonly probes: readonly Probe[]; readonly fromMs: number }
  | { readonly kind: 'light'; readonly probes: readonly Probe[]; readonly fromMs: number; readonly toMs: number }
  /** No connections start from this endpoint any more, or they do again. */
  | { readonly kind: 'broke'; readonly from: string; readonly atMs: number; readonly reason: string }
  | { readonly kind: 'again'; readonly from: string; readonly atMs: number };
