import type { Endpoint, Source } from '../deploy/index.ts';
import type { Observation } from '../probe/index.ts';
import type { Probe, ReadPolicy } from '../scenario/index.ts';

/** Pods that run, whoever started them, and what may be watched between them. */
export interface World {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly probes: readonly Probe[];
  source(endpoint: string): Source;
  /** Whether a recorder may be started for it, if the image of its source has one. */
  isRecordable(probe: Probe): boolean;
  /** Takes a matrix of these. */
  take(probes: readonly Probe[]): Promise<readonly Observation[]>;
}

/** Pods that podreach deployed, so that their policies may be changed. */
export interface OwnWorld extends World {
  /** Puts these policies in force in place of the others. Resolves when all nodes have followed. */
  become(policies: readonly ReadPolicy[]): Promise<void>;
  /** Throws a PodreachError if the policies are not those any more. */
  requirePolicies(): Promise<void>;
}
