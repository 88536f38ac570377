/** How often a stream carries a request. */
export const TICK_MS = 100;

/** One request that a stream carries, and what came of it. All times are podreach's. */
export interface Tick {
  readonly number: number;
  readonly sentMs: number;
  /** When its shell said that it had passed it on; null if it has not. */
  readonly passedMs: number | null;
  readonly answeredMs: number | null;
  /** What came from the other end after this tick was sent and before the next one was. */
  readonly bytes: number;
}

/** How a stream ended: by the other end or something on the way, or for a reason that says nothing about policies. */
export type Ending =
  | { readonly kind: 'reset'; readonly atMs: number }
  | { readonly kind: 'broken'; readonly atMs: number; readonly why: string };
