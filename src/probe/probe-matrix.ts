import type { Probe } from '../scenario/index.ts';
import { cellOf, isSure, isUnsettled, observe } from './cell.ts';
import { ownControls, without } from './controls.ts';
import { doubtful } from './doubt.ts';
import { createPace } from './pace.ts';
import { attemptAll } from './round.ts';
import { soundnessOf } from './soundness.ts';
import type { SourcePorts } from './source-ports.ts';
import type { Targets } from './targets.ts';
import type { Observation } from './verdict.ts';
import { createWindow, type Window } from './window.ts';

export interface ProbeOptions {
  /** How long one probe may wait for an answer; rounded up to whole seconds if the image's `timeout` is BusyBox's. */
  readonly timeoutMs?: number;
  /** How often a cell is tried again that broke, or that changed between attempts. */
  readonly retries?: number;
  /** The places for tools, which matrices that are taken at the same time share; default: its own. */
  readonly window?: Window;
  /** Source ports for datagrams; default: this process's own. */
  readonly ports?: SourcePorts;
  /** Called with how many more cells were probed, each counted once. */
  readonly onProbed?: ((more: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Longer than the second after which Linux resends a lost SYN. */
const TIMEOUT_MS = 1_500;

/**
 * Runs every probe and returns what was observed, in the order given. One exec per source carries its probes.
 *
 * A cell that came out as `error`, or that changed between attempts, is retried, whatever its expectation: nothing here
 * knows expectations. On a busy machine, silence is such an error. There, and if a tool was starved, the retry uses a
 * slower pace and does not count as one of `retries`. The same applies to a Service of which some connections got no
 * answer while each of its backends answered directly, and to one whose connections all ended alike while its backends
 * differ; it is then tried more often, so that each backend is reached. If a tool's reading of a cell changed between
 * attempts, the cell is flaky, however often it is retried.
 *
 * Cells from or to a pod that did not survive the probing are errors, whatever was observed. So is silence from a
 * server that does not answer itself; outside hosts are asked that beside the matrix. Throws a PodreachError only on an
 * abort, on an unknown endpoint, if no source ports are available for datagrams, or if the cluster can't report on its
 * pods. Every other failure becomes the verdict `error`.
 */
export const probeMatrix = async (
  targets: Targets,
  probes: readonly Probe[],
  {
    retries = 1,
    timeoutMs = TIMEOUT_MS,
    window = createWindow({ timeoutMs }),
    ports,
    onProbed,
    signal,
  }: ProbeOptions = {},
): Promise<readonly Observation[]> => {
  const { endpoints } = targets;
  const cells = [...probes, ...ownControls(probes, endpoints)].map((probe) => cellOf(probe, endpoints));
  const again = createPace({ window, retries });
  const onExec = onProbed && countingOnce(probes, onProbed);
  for (let open = cells; open.length > 0; ) {
    const asked = open.map(({ probe }) => probe);
    const direct = open.flatMap((cell) => cell.direct);
    const sure = new Set(open.filter(isSure).map(({ probe }) => probe));
    const limits = { timeoutMs, sure, window, ports, onExec, signal };
    const seen = await attemptAll(targets, [...asked, ...without(direct, asked)], limits);
    const { hurried, soundOf } = soundnessOf(open, seen, timeoutMs);
    for (const cell of open) cell.attempts.push(soundOf(cell));
    open = open.filter(isUnsettled);
    if (!again({ hurried })) break;
  }
  const lost = await targets.lost();
  return doubtful(cells.map(observe), endpoints, lost).slice(0, probes.length);
};

/** Leaves out controls, and what is asked again. */
const countingOnce = (probes: readonly Probe[], onProbed: (more: number) => void) => {
  const unseen = new Set(probes);
  return (done: readonly Probe[]): void => onProbed(done.filter((probe) => unseen.delete(probe)).length);
};
