import type { Endpoint, Source } from '../deploy/index.ts';

/** Where probes start and end; a Deployment implements it. */
export interface Targets {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  source(endpoint: string): Source;
  /** The endpoints that did not survive the probing, with the reason. */
  lost(): Promise<ReadonlyMap<string, string>>;
}
