import { PodreachError } from '../../errors.ts';
import { failuresIn, throwAll } from '../../failures.ts';
import { headOf } from '../../matrix/index.ts';
import { exitCodeOf } from '../../report/index.ts';
import { runScenarios } from '../../run/index.ts';
import type { ChoiceFlags, OutputFlags } from '../flags/index.ts';
import { openHistory } from '../history/index.ts';
import { type LiveFlags, leaseFor, requireContext } from '../live-cluster.ts';
import { chooseReports, reporting, withoutEmptyTerminal } from '../output/index.ts';
import { tellWarnings } from '../scenarios/index.ts';
import { chosenScenarios, keepResults, listText, type ShardFlags } from '../selection/index.ts';
import type { Terminal } from '../terminal/index.ts';
import { evidenceFolder } from './evidence-folder.ts';
import { updatingGrids } from './update-grids.ts';

/** The flags of `podreach run`; see its --help. */
export interface RunFlags extends ChoiceFlags, ShardFlags, OutputFlags, LiveFlags {
  readonly workers: number;
  readonly retries: number;
  readonly repeatEach: number;
  readonly failOnFlaky?: boolean;
  readonly probe: 'all' | 'classes';
  readonly record?: boolean;
  readonly bail?: boolean;
  readonly history?: string;
  readonly updateSnapshots?: boolean;
  /** A folder, or `none`. */
  readonly evidence: string;
}

const checkFlags = (flags: RunFlags): void => {
  const { probe, updateSnapshots } = flags;
  if (probe === 'classes' && updateSnapshots) {
    throw new PodreachError('-u needs every cell, but --probe classes probes only some', {
      hint: 'leave out one of them',
    });
  }
  requireContext(flags);
};

/** `podreach run`: returns the exit code. If the input is wrong, it throws before any cluster exists. */
export const run = async (paths: readonly string[], flags: RunFlags, terminal: Terminal): Promise<number> => {
  const reports = await chooseReports(flags);
  checkFlags(flags);
  const { progress, signal } = terminal;
  const evidence = await evidenceFolder(flags.evidence);
  const scenarios = await chosenScenarios(paths, flags, terminal);
  if (flags.list) {
    await terminal.print(listText(scenarios));
    return 0;
  }
  const keepHistory = flags.history === undefined ? null : await openHistory(flags.history, terminal.unfinished);
  tellWarnings(scenarios, progress);
  const lease = await leaseFor(scenarios, flags, terminal);
  // With few scenarios a shard may get none. That is fine, and its report says so.
  const empty = scenarios.length === 0;
  if (empty) progress.note(flags.shard ? 'this shard has no scenarios' : 'no scenario is selected', 'important');
  const wanted = withoutEmptyTerminal(reports, empty);
  const options = {
    workers: flags.workers,
    timeoutMs: flags.timeout,
    retries: flags.retries,
    repeatEach: flags.repeatEach,
    failOnFlaky: flags.failOnFlaky ?? false,
    sampling: flags.probe === 'classes',
    recording: flags.record ?? false,
    settleTimeoutMs: flags.settleTimeout,
    bail: flags.bail ?? false,
    keep: flags.keep ?? false,
    // What -u writes is what was seen, so nothing of it is wrong.
    evidence: flags.updateSnapshots ? undefined : evidence,
    progress,
    signal,
  };
  const final = await reporting(wanted, { scenarios: scenarios.map(headOf) }, terminal, async (events) => {
    const shard = flags.shard && { shard: flags.shard };
    if (empty) return { scenarios: [], timings: {}, ...shard };
    if (!flags.updateSnapshots) return { ...(await runScenarios(scenarios, lease, { ...options, events })), ...shard };
    const updating = updatingGrids(scenarios, events, progress);
    const seen = await runScenarios(scenarios, lease, { ...options, events: updating.events });
    return { ...(await updating.applied(seen)), ...shard };
  });
  await keepResults(final.scenarios);
  await keepHistory?.(final.scenarios);
  throwAll(failuresIn(final));
  return empty ? 0 : exitCodeOf(final);
};
