import { homedir } from 'node:os';
import { join } from 'node:path';
import { givenCluster, type ImageFlags, type IpFamily, leaseCluster, probeImageOf } from '../cluster/index.ts';
import { PodreachError } from '../errors.ts';
import { headOf } from '../matrix/index.ts';
import { exitCodeOf } from '../report/index.ts';
import { runScenarios } from '../run/index.ts';
import { checkHosts } from './check-hosts.ts';
import { type ChoiceFlags, chosenScenarios, type ShardFlags } from './chosen-scenarios.ts';
import { evidenceFolder } from './evidence-folder.ts';
import { keepResults } from './last-results.ts';
import { chooseReports, type OutputFlags, withoutEmptyTerminal } from './output.ts';
import { reporting } from './reporting.ts';
import { listText } from './scenario-list.ts';
import type { Terminal } from './terminal.ts';
import { updatingGrids } from './update-grids.ts';
import { tellWarnings } from './warnings.ts';

/** The flags of `podreach run`; see its --help. */
export interface RunFlags extends ChoiceFlags, ShardFlags, OutputFlags, ImageFlags {
  readonly workers: number;
  readonly retries: number;
  readonly timeout: number;
  readonly probe: 'all' | 'classes';
  readonly record?: boolean;
  readonly settleTimeout: number;
  readonly bail?: boolean;
  readonly updateSnapshots?: boolean;
  /** A folder, or `none`. */
  readonly evidence: string;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly keep?: boolean;
  readonly config: string;
  readonly ipFamily?: IpFamily;
}

const checkFlags = ({ context, kubeconfig, probe, updateSnapshots }: RunFlags): void => {
  if (probe === 'classes' && updateSnapshots) {
    throw new PodreachError('-u needs every cell, but --probe classes probes only some', {
      hint: 'leave out one of them',
    });
  }
  if (context === undefined && kubeconfig !== undefined) {
    throw new PodreachError('--kubeconfig applies only to a cluster of your own', {
      hint: "name it with --context, or leave it out to run on podreach's own cluster",
    });
  }
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
  tellWarnings(scenarios, progress);
  const { context, kubeconfig = defaultKubeconfig() } = flags;
  const choice = { ...flags, configFile: flags.config };
  if (context === undefined) await checkHosts(scenarios, choice);
  const lease = async () =>
    context === undefined
      ? leaseCluster({ ...choice, keep: flags.keep ?? false, progress, signal })
      : givenCluster(context, kubeconfig, probeImageOf(flags));
  // With few scenarios a shard may get none. That is fine, and its report says so.
  const empty = scenarios.length === 0;
  if (empty) progress.note(flags.shard ? 'this shard has no scenarios' : 'no scenario is selected', 'important');
  const wanted = withoutEmptyTerminal(reports, empty);
  const options = {
    workers: flags.workers,
    timeoutMs: flags.timeout,
    retries: flags.retries,
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
  if (final.problem !== undefined) throw new PodreachError(final.problem, final.hint ? { hint: final.hint } : {});
  return empty ? 0 : exitCodeOf(final);
};

/** Where kubectl looks: one file or, in KUBECONFIG, several that `connect` merges. */
export const defaultKubeconfig = (): string => process.env.KUBECONFIG || join(homedir(), '.kube', 'config');
