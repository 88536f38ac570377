import type { Deployments } from '../deploy/index.ts';
import type { Evidence } from '../evidence/index.ts';
import type { Client } from '../kube/index.ts';
import type { RunEvents } from '../matrix/index.ts';
import type { WorldDns } from '../model/index.ts';
import type { RepeatOptions, Window } from '../probe/index.ts';
import type { Progress } from '../progress.ts';
import type { Scenario } from '../scenario/index.ts';
import type { Canary } from '../settle/index.ts';
import type { Count, Tally } from './tally.ts';
import type { OwnWorld } from './world.ts';

export interface RunOptions {
  /** How many scenarios run at the same time. */
  readonly workers: number;
  /** How long a probe may wait for an answer. */
  readonly timeoutMs: number;
  /** How often a cell is probed again that broke or changed between attempts. */
  readonly retries: number;
  /** How often each step's matrix is taken; default: once. */
  readonly repeatEach?: number;
  /** A flaky cell fails its step even if nothing is expected of it. */
  readonly failOnFlaky?: boolean;
  /** Probe one cell for each pair of classes of pods and some others (`sampleOf`), instead of all. */
  readonly sampling: boolean;
  /** Record each step that changes something while its pods stay; a step with `enforceWithin` is recorded anyway. */
  readonly recording: boolean;
  /** How long a change may take to be enforced. */
  readonly settleTimeoutMs: number;
  /** Stop at the first scenario that does not pass; scenarios that have not begun by then don't run. */
  readonly bail: boolean;
  /** Keep the pods and policies of scenarios that don't pass until the next run, for the user to look at. */
  readonly keep: boolean;
  /** The folder for evidence of what does not pass; absent if none is wanted. */
  readonly evidence?: string | undefined;
  /** Gets the world of a scenario's last step before it is given up. */
  readonly linger?: (world: OwnWorld, scenario: Scenario) => Promise<void>;
  readonly progress: Progress;
  /** Gets every result as it comes. */
  readonly events?: RunEvents;
  readonly signal: AbortSignal;
}

/** Everything that a scenario needs to run. */
export interface Stage extends Omit<RunOptions, 'evidence'> {
  readonly client: Client;
  readonly deployments: Deployments;
  readonly canary: Promise<Canary>;
  /** The cluster's DNS servers, for the model. */
  readonly dns?: Promise<WorldDns>;
  readonly repeat: RepeatOptions;
  /** One for all matrices: probes that starve each other of processors would look dropped. */
  readonly window: Window;
  readonly evidence?: Evidence | undefined;
  /** Absent if nobody sees it. */
  readonly tally?: Tally | undefined;
  /** What one scenario does; absent, too. */
  readonly count?: Count | undefined;
  /** Ends everything of the run that is still going on. */
  abort(): void;
}
