import { PodreachError } from '../../errors.ts';
import { failuresIn, throwAll } from '../../failures.ts';
import { watchExitCode, watchJson, watchSummary } from '../../report/watch/index.ts';
import { resultFirst } from '../../result-first.ts';
import { runProbe, runScenarios, type World, watchCells } from '../../run/index.ts';
import { loadScenarios, type Port } from '../../scenario/index.ts';
import { listed } from '../../text.ts';
import type { WatchResult } from '../../watch/index.ts';
import { type LiveFlags, leaseFor, requireContext } from '../live-cluster.ts';
import { withAgreedPods } from '../running-pods/index.ts';
import { tellWarnings } from '../scenarios/index.ts';
import type { Terminal } from '../terminal/index.ts';
import { createWatchView } from './view.ts';

export interface WatchFlags extends LiveFlags {
  readonly for?: number;
  readonly reporter: 'terminal' | 'json';
  readonly namespace?: readonly string[];
  readonly selector?: string;
  readonly port?: readonly Port[];
  readonly yes?: boolean;
  readonly ephemeral?: boolean;
  readonly exec?: boolean;
}

/** podreach's own pods are there to be probed; existing ones belong to somebody else, so they are probed less often. */
const OWN_TICK_MS = 50;
const EXISTING_TICK_MS = 250;
/** An ephemeral container ends by itself, so it has to be known when. */
const EXISTING_MS = 3_600_000;

/** `podreach watch`: returns the exit code. Everything that was created is gone at the end. */
export const watch = async (path: string | undefined, flags: WatchFlags, terminal: Terminal): Promise<number> => {
  const view = createWatchView(terminal, flags.reporter);
  const { result, failures } = await resultFirst<WatchResult>((keep) => {
    const linger =
      (leastTickMs: number, forMs: number | undefined): Linger =>
      async (world) => {
        const watched = watchCells(world, {
          leastTickMs,
          ...(forMs !== undefined && { forMs }),
          signal: terminal.signal,
          onBegin: view.begin,
          onEvent: view.onEvent,
          onState: view.onState,
        });
        keep(await watched.finally(view.end));
      };
    return path === undefined
      ? watchPods(flags, linger(EXISTING_TICK_MS, flags.for ?? EXISTING_MS), terminal)
      : watchScenario(path, flags, linger(OWN_TICK_MS, flags.for), terminal);
  });
  const lines = () => watchSummary(result, terminal.width).map((line) => `${line}\n`);
  await terminal.print(flags.reporter === 'json' ? watchJson(result) : lines());
  throwAll(failures);
  return watchExitCode(result);
};

type Linger = (world: World) => Promise<void>;

const watchScenario = async (path: string, flags: WatchFlags, linger: Linger, terminal: Terminal): Promise<void> => {
  // Without the line that is drawn again: the matrix is.
  const { note, during } = terminal.progress;
  const progress = { note, during };
  const { signal } = terminal;
  requireContext(flags);
  const [namespace, ...others] = flags.namespace ?? [];
  if (flags.selector !== undefined || flags.port !== undefined || others.length > 0)
    throw new PodreachError('--selector, --port and a second -n choose among running pods, not in a scenario', {
      hint: 'leave out the path, or these flags',
    });
  const scenarios = await loadScenarios([path], { openStdin: terminal.openStdin, namespace });
  if (scenarios.length !== 1)
    throw new PodreachError(`${path} contains ${scenarios.length} scenarios, but watch takes one`, {
      hint: `name one of ${listed(scenarios.map(({ file }) => file))}`,
    });
  tellWarnings(scenarios, progress);
  const lease = await leaseFor(scenarios, flags, terminal);
  const run = await runScenarios(scenarios, lease, {
    ...{ workers: 1, timeoutMs: flags.timeout, retries: 1, settleTimeoutMs: flags.settleTimeout },
    ...{ sampling: false, recording: false, bail: false, keep: false },
    ...{ linger, progress, signal },
  });
  const [failure] = failuresIn(run, ...run.scenarios.flatMap(({ steps }) => steps));
  if (failure) throw failure;
};

const watchPods = async (flags: WatchFlags, linger: Linger, terminal: Terminal): Promise<void> => {
  if (flags.context === undefined && flags.namespace === undefined)
    throw new PodreachError('there is nothing to watch', {
      hint: 'name a scenario, or the cluster and the namespaces of running pods: --context NAME -n NAMESPACE',
    });
  const watchMs = flags.for ?? EXISTING_MS;
  await withAgreedPods(
    { ...flags, retries: 1, repeatEach: 1, watchMs },
    terminal,
    (plan) => plan,
    (client, plan) => runProbe(client, plan, { ...terminal, linger }),
  );
};
