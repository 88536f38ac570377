import type { InotifyLimit } from './facts.ts';

/** The part of the host that an action concerns. */
export type Topic = 'node' | 'engine' | 'runtime' | 'limits' | 'packages' | 'go' | 'images';

/** One thing to do to the host, with the reason as a sentence. */
export type Action = { readonly topic: Topic; readonly why: string } & (
  | { readonly kind: 'install'; readonly packages: readonly string[] }
  | { readonly kind: 'write-wrapper'; readonly path: string }
  | { readonly kind: 'remove-file'; readonly path: string }
  | { readonly kind: 'start-service'; readonly service: string }
  | { readonly kind: 'start-dockerd'; readonly args: readonly string[] }
  | { readonly kind: 'raise-limit'; readonly limit: InotifyLimit; readonly value: number }
  /** A person should do it, but podreach goes on without. */
  | { readonly kind: 'advise'; readonly cure: string }
  /** Only a person can do it, and podreach can't run until it is done. */
  | { readonly kind: 'ask'; readonly cure: string }
);

/** Something that podreach lacks, and how podreach or a person would provide it. */
export interface Need {
  readonly action: Exclude<Action, { kind: 'advise' | 'ask' }>;
  readonly cure: string;
  /** podreach goes on without it. */
  readonly optional?: boolean;
}
