import type { Manifest, NetworkPolicy, Peer, TriedChange } from '../model/index.ts';
import type { Mistake } from './cause.ts';
import type { Effect } from './effect.ts';

/** A part of a rule that lets the connection through. Without peers, it is the whole rule. */
export interface LettingPart {
  readonly policy: NetworkPolicy;
  readonly direction: 'ingress' | 'egress';
  readonly rule: number;
  readonly peers: readonly Peer[] | null;
}

/**
 * `correct`: the mistakes, each as it was found. `change`: changes that the model suggests, which open no more than they
 * must. `remove`: what lets the connection through. `isolate`: a new policy that lets everybody in or out but the other end.
 */
export type Remedy =
  | ({ readonly kind: 'correct'; readonly mistakes: readonly Mistake[] } & Effect)
  | { readonly kind: 'change'; readonly changes: readonly TriedChange[] }
  | ({ readonly kind: 'remove'; readonly parts: readonly LettingPart[] } & Effect)
  | ({ readonly kind: 'isolate'; readonly namespace: string; readonly spec: Manifest } & Effect);
