/** What a canary is made with. */
export interface CanaryOptions {
  readonly image: string;
  readonly runId: string;
  /** Whose the namespace is, as `ownerText` writes it. */
  readonly owner: string;
  readonly signal?: AbortSignal | undefined;
  /** How long the pods may take to become ready. */
  readonly readyMs?: number;
  /** How long `settle` may take. */
  readonly settleMs?: number;
  /** How long the proof that policies are enforced waits for a closed port. */
  readonly enforceMs?: number;
  /** How long a path between nodes may take to carry something. */
  readonly pathMs?: number;
}
