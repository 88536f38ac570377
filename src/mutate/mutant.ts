import type { Direction, Path, Protocol } from '../model/index.ts';

/** The one that is meant by mistake. */
export const OTHER_PROTOCOL: Readonly<Record<Protocol, Protocol>> = { TCP: 'UDP', UDP: 'TCP', SCTP: 'TCP' };

/** What is done to a policy. */
export type Edit =
  | { readonly kind: 'policy-removed' | 'rule-removed' | 'peer-removed' | 'port-removed' }
  | { readonly kind: 'all-peers' | 'all-ports' }
  | { readonly kind: 'isolates' | 'does-not-isolate'; readonly direction: Direction }
  | { readonly kind: 'all-selected'; readonly of: 'pods' | 'namespaces' }
  /** The namespaceSelector is gone, so the peers are in the policy's own namespace. */
  | { readonly kind: 'own-namespace' }
  /** Pods in namespaces become pods of its own namespace, or any pod of those namespaces. */
  | { readonly kind: 'or-for-and' }
  | { readonly kind: 'except-removed'; readonly text: string }
  /** A key or a value of a label, a port, a name of one, or a block. */
  | { readonly kind: 'text'; readonly from: string; readonly to: string }
  | { readonly kind: 'protocol'; readonly from: Protocol; readonly to: Protocol };

/** A policy with one mistake in it. */
export interface Mutation {
  readonly edit: Edit;
  /** What was edited, from the root of the manifest. */
  readonly path: Path;
  /** null if the policy is gone. */
  readonly manifest: Readonly<Record<string, unknown>> | null;
}

/** An edit at a path, with what stands there afterwards; undefined if nothing does. */
export interface Draft {
  readonly edit: Edit;
  readonly path: Path;
  readonly value: unknown;
  /** Where the value goes, if not to `path`. */
  readonly at?: Path;
}
