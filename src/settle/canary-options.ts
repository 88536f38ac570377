/** Options of a canary. */
export interface CanaryOptions {
  readonly image: string;
  readonly runId: string;
  /** The namespace's owner, as `ownerText` writes it. */
  readonly owner: string;
  readonly signal?: AbortSignal | undefined;
  /** How long the pods may take to become ready. */
  readonly readyMs?: number;
  /** How long `settle` may take. */
  readonly settleMs?: number;
  /** How long the proof that policies are enforced waits for a port to close. */
  readonly enforceMs?: number;
  /** How long podreach waits for a connection along a path between nodes. */
  readonly pathMs?: number;
}
