import type { InotifyLimit } from './facts.ts';

/** What of the host an action is about. */
export type Topic = 'node' | 'engine' | 'runtime' | 'limits' | 'packages' | 'go' | 'images';

/** One thing to do to the host, with the reason as a sentence for people. */
export type Action = { readonly topic: Topic; readonly why: string } & (
  | { readonly kind: 'install'; readonly packages: readonly string[] }
  | { readonly kind: 'write-wrapper'; readonly path: string }
  | { readonly kind: 'remove-file'; readonly path: string }
  | { readonly kind: 'start-service'; readonly service: string }
  | { readonly kind: 'start-dockerd'; readonly args: readonly string[] }
  | { readonly kind: 'raise-limit'; readonly limit: InotifyLimit; readonly value: number }
  /** Better done by a person, but podreach goes on without. */
  | { readonly kind: 'advise'; readonly cure: string }
  /** Only a person can do it, and podreach can't run before it is done. */
  | { readonly kind: 'ask'; readonly cure: string }
);

/** Something that podreach lacks: what it would do about it, and what a person would. */
export interface Need {
  readonly action: Exclude<Action, { kind: 'advise' | 'ask' }>;
  readonly cure: string;
  /** podreach goes on without it. */
  readonly optional?: boolean;
}
