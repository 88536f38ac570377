import type { Endpoint, Source } from '../deploy/index.ts';
import type { Observation } from '../probe/index.ts';
import type { Probe } from '../scenario/index.ts';

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
