import type { LimitFunction } from 'p-limit';
import type { Deployments } from '../deploy/index.ts';
import type { Client } from '../kube/index.ts';
import type { RunEvents } from '../matrix/index.ts';
import type { WorldDns } from '../model/index.ts';
import type { RepeatOptions } from '../probe/index.ts';
import type { Progress } from '../progress.ts';
import type { Canary } from '../settle/index.ts';

export interface RunOptions {
  /** How many groups of scenarios are at work at the same time; scenarios with equal pods are one group. */
  readonly workers: number;
  /** How long one probe may wait for an answer. */
  readonly timeoutMs: number;
  /** How often a probe that broke is tried again. */
  readonly retries: number;
  /** Stop at the first scenario that does not pass; what was not begun by then is not run. */
  readonly bail: boolean;
  /** Leave the pods and policies of what does not pass for the user to look at, until the next run. */
  readonly keep: boolean;
  readonly progress: Progress;
  /** Told of every result as it comes. */
  readonly events?: RunEvents;
  readonly signal: AbortSignal;
}

/** All that a scenario needs to be run. */
export interface Stage extends RunOptions {
  readonly client: Client;
  readonly deployments: Deployments;
  readonly canary: Promise<Canary>;
  /** The cluster's DNS servers, for the model. */
  readonly dns?: Promise<WorldDns>;
  readonly repeat: RepeatOptions;
  /** One matrix at a time: probes that starve each other of processors would look dropped. */
  readonly probing: LimitFunction;
  /** Ends everything of the run that is still at work. */
  abort(): void;
}
