/** `podreach compare --live`. */
import { type ComparedStep, type Comparison, planProof, type Timing, withSeen } from '../../compare/index.ts';
import type { RunResult } from '../../matrix/index.ts';
import type { Order } from '../../report/index.ts';
import { type OwnWorld, type RunOptions, runScenarios } from '../../run/index.ts';
import type { Scenario } from '../../scenario/index.ts';
import { type LiveFlags, leaseFor, requireContext } from '../live-cluster.ts';
import type { Terminal } from '../terminal/index.ts';

export interface ProveFlags extends Partial<LiveFlags> {
  readonly live?: boolean;
  /** Whether the switch is timed. */
  readonly record?: boolean;
  readonly enforceWithin?: number;
  /** With a plan: the orders to prove. */
  readonly order?: readonly Order[];
}

/** A comparison, and the two states that it is about. */
export interface ComparedPair {
  readonly comparison: Comparison;
  readonly states: readonly [before: ComparedStep, after: ComparedStep];
}

export interface Proven extends Pick<RunResult, 'problem' | 'hint'> {
  readonly comparisons: readonly Comparison[];
}

const ENFORCE_WITHIN_MS = 5_000;
/** Recorded steps need the machine to themselves, and pods of one more scenario come up meanwhile. */
const WORKERS = 2;
const RETRIES = 1;

/** Does more work only where the last of the scenarios ran. */
const inLast =
  (scenarios: readonly Scenario[], linger: (world: OwnWorld) => Promise<void>): NonNullable<RunOptions['linger']> =>
  async (world, scenario) => {
    if (scenario === scenarios.at(-1)) await linger(world);
  };

/** Brings each pair that differs onto running pods, first one state and then the other; `linger` gets the pods in the second. */
export const proveLive = async (
  pairs: readonly ComparedPair[],
  { record = true, enforceWithin: withinMs = ENFORCE_WITHIN_MS, ...flags }: ProveFlags,
  terminal: Terminal,
  linger?: (world: OwnWorld) => Promise<void>,
): Promise<Proven> => {
  const live = flags as LiveFlags;
  requireContext(live);
  const timing: Timing = linger ? 'planned' : record ? { withinMs } : 'not-asked';
  const plans = pairs.map(({ comparison, states }) => planProof(comparison, states, timing));
  const scenarios = plans.flatMap((plan) => plan?.scenarios ?? []);
  const { progress, signal } = terminal;
  if (scenarios.length === 0) {
    progress.note('nothing differs, so there is nothing to prove live', 'important');
    return { comparisons: pairs.map(({ comparison }) => comparison) };
  }
  const {
    scenarios: results,
    problem,
    hint,
  } = await runScenarios(scenarios, await leaseFor(scenarios, live, terminal), {
    // While the pods are watched, nothing else may disturb them.
    workers: linger ? 1 : WORKERS,
    timeoutMs: live.timeout,
    retries: RETRIES,
    sampling: false,
    recording: false,
    settleTimeoutMs: live.settleTimeout,
    bail: false,
    keep: live.keep ?? false,
    ...(linger && { linger: inLast(scenarios, linger) }),
    progress,
    signal,
  });
  const comparisons = pairs.map(({ comparison }, at) => {
    const plan = plans[at];
    return plan ? withSeen(comparison, plan, results) : comparison;
  });
  return { comparisons, ...(problem !== undefined && { problem }), ...(hint !== undefined && { hint }) };
};
