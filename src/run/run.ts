import type { Lease } from '../cluster/index.ts';
import { asPodreachError, type PodreachError } from '../errors.ts';
import type { RunResult, ScenarioResult } from '../matrix/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { elapsed, timed } from '../stopwatch.ts';
import { runGroups } from './group.ts';
import { onStage } from './on-stage.ts';
import type { RunOptions, Stage } from './stage.ts';
import { createTally } from './tally.ts';

/**
 * Runs loaded scenarios on a live cluster and judges them; the results are in the order of the scenarios. A scenario
 * that breaks is an `error`. If everything breaks, a PodreachError is thrown; if some scenarios were judged before, it
 * is the result's `problem` instead. Whatever happens, nothing that the run created is left behind.
 */
export const runScenarios = async (
  scenarios: readonly Scenario[],
  leaseCluster: () => Promise<Lease>,
  options: RunOptions,
): Promise<RunResult> => {
  const startMs = performance.now();
  const { value: lease, ms: clusterMs } = await timed(leaseCluster);
  const results = new Map<Scenario, ScenarioResult>();
  const failures: PodreachError[] = [];
  const keepFailure = (error: unknown) => void failures.push(asPodreachError(error));
  const { doing } = options.progress;
  const tally = doing && createTally(scenarios, doing);
  const work = (stage: Stage) => runGroups(scenarios, { ...stage, tally }, results);
  try {
    await onStage(lease, options, work).catch(keepFailure);
  } finally {
    await lease.release().catch(keepFailure);
  }
  const [failure] = failures;
  if (failure && results.size === 0) throw failure;
  return {
    scenarios: scenarios.flatMap((scenario) => results.get(scenario) ?? []),
    timings: { clusterMs, totalMs: elapsed(startMs) },
    ...(failure && { problem: failure.message, ...(failure.hint && { hint: failure.hint }) }),
  };
};
