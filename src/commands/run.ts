import { homedir } from 'node:os';
import { join } from 'node:path';
import { givenCluster, type IpFamily, leaseCluster, stockProbeImage } from '../cluster/index.ts';
import { PodreachError } from '../errors.ts';
import type { ImageChoice } from '../host/index.ts';
import { headOf } from '../matrix/index.ts';
import { exitCodeOf } from '../report/index.ts';
import { runScenarios } from '../run/index.ts';
import { loadScenarios } from '../scenario/index.ts';
import { checkHosts } from './check-hosts.ts';
import { chooseReports, type OutputFlags } from './output.ts';
import { reporting } from './reporting.ts';
import { type Selection, select } from './select.ts';
import type { Terminal } from './terminal.ts';
import { updatingGrids } from './update-grids.ts';
import { tellWarnings } from './warnings.ts';

/** What `podreach run` was told; see its --help. */
export interface RunFlags extends Selection, OutputFlags {
  readonly namespace?: string;
  readonly workers: number;
  readonly retries: number;
  readonly timeout: number;
  readonly bail?: boolean;
  readonly updateSnapshots?: boolean;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly probeImage?: string;
  readonly keep?: boolean;
  readonly images: ImageChoice;
  readonly config: string;
  readonly ipFamily?: IpFamily;
}

const checkFlags = ({ context, kubeconfig, probeImage }: RunFlags): void => {
  if (context === undefined && (kubeconfig !== undefined || probeImage !== undefined)) {
    throw new PodreachError('--kubeconfig and --probe-image are for a cluster of your own', {
      hint: 'name it with --context, or leave them out to run on a cluster of podreach',
    });
  }
};

/** `podreach run`: returns the exit code. Throws before any cluster exists when the input is wrong. */
export const run = async (paths: readonly string[], flags: RunFlags, terminal: Terminal): Promise<number> => {
  const reports = await chooseReports(flags);
  checkFlags(flags);
  const { progress, signal, openStdin } = terminal;
  const scenarios = select(await loadScenarios(paths, { openStdin, namespace: flags.namespace }), flags);
  tellWarnings(scenarios, progress);
  const { context, kubeconfig = defaultKubeconfig(), probeImage = stockProbeImage } = flags;
  const choice = { configFile: flags.config, ipFamily: flags.ipFamily };
  if (context === undefined) await checkHosts(scenarios, choice);
  const lease = async () =>
    context === undefined
      ? leaseCluster({ ...choice, images: flags.images, keep: flags.keep ?? false, progress, signal })
      : givenCluster(context, kubeconfig, probeImage);
  // A shard may have no scenario of few; that is in order, and its report says so.
  const empty = scenarios.length === 0;
  if (empty) progress.note('this shard has no scenario', 'important');
  // A shard without scenarios has nothing to show, but its report for machines is written.
  const wanted = reports.filter(({ name, file }) => !(empty && name === 'terminal' && file === undefined));
  const options = {
    workers: flags.workers,
    timeoutMs: flags.timeout,
    retries: flags.retries,
    bail: flags.bail ?? false,
    keep: flags.keep ?? false,
    progress,
    signal,
  };
  const final = await reporting(wanted, { scenarios: scenarios.map(headOf) }, terminal, async (events) => {
    if (empty) return { scenarios: [], timings: {} };
    if (!flags.updateSnapshots) return runScenarios(scenarios, lease, { ...options, events });
    const updating = updatingGrids(scenarios, events, progress);
    return updating.applied(await runScenarios(scenarios, lease, { ...options, events: updating.events }));
  });
  if (final.problem !== undefined) throw new PodreachError(final.problem, final.hint ? { hint: final.hint } : {});
  return empty ? 0 : exitCodeOf(final);
};

/** Where kubectl looks: one file or, in KUBECONFIG, several that `connect` merges. */
export const defaultKubeconfig = (): string => process.env.KUBECONFIG || join(homedir(), '.kube', 'config');
