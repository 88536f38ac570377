import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint, Source } from '../deploy/index.ts';
import { type Probe, probeKey } from '../scenario/index.ts';
import type { Reading } from './classify.ts';
import { combine, isBlocked, isMixed, telling } from './combine.ts';
import { directProbes, ownControls, without } from './controls.ts';
import { doubtful } from './doubt.ts';
import { runBatch } from './run-batch.ts';
import type { SourcePorts } from './source-ports.ts';
import { isSpread, toolsOf } from './tools.ts';
import type { Observation, Verdict } from './verdict.ts';

/** Where probes start and end; a Deployment implements it. */
export interface Targets {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  source(endpoint: string): Source;
  /** The endpoints that did not survive the probing, with the reason. */
  lost(): Promise<ReadonlyMap<string, string>>;
}

export interface ProbeOptions {
  /** How long one probe may wait for an answer; rounded up to whole seconds if the image's `timeout` is BusyBox's. */
  readonly timeoutMs?: number;
  /** How often a cell with the verdict `error` is retried. */
  readonly retries?: number;
  /** Time between the starts of two tools, over all sources, so that they don't starve each other of CPU time. */
  readonly paceMs?: number;
  /** Source ports for datagrams; default: this process's own. */
  readonly ports?: SourcePorts;
  readonly signal?: AbortSignal | undefined;
}

/** Longer than the second after which Linux resends a lost SYN. */
const TIMEOUT_MS = 1_500;
/** CPU time that one tool takes, together with the server that answers it; measured with `npm run bench -- live`. */
const TOOL_COST_MS = 6;
/**
 * Answers usually take milliseconds. One that took this fraction of the timeout shows a machine too busy to see others.
 */
const BUSY_PART = 0.6;
/** How often a busy machine gets more time, each time at a third of the pace, before its results are accepted. */
const SLOWER_ROUNDS = 3;
/** With more at once in one pod, the exec's own output is late. */
const MAX_PROBES_PER_EXEC = 40;

/**
 * Runs every probe and returns what was observed, in the order given. One exec per source carries its probes.
 *
 * A cell that came out as `error` is retried, whatever its expectation: nothing here knows expectations. On a busy
 * machine, silence is such an error. There, and if a tool was starved, the retry uses a slower pace and does not count
 * as one of `retries`. The same applies to a Service of which some connections got no answer while each of its backends
 * answered directly. If a tool's reading of a cell changed between attempts, the cell is flaky.
 *
 * Cells from or to a pod that did not survive the probing are errors, whatever was observed. So is silence from a
 * server that does not answer itself; outside hosts are asked that beside the matrix. Throws a PodreachError only on an
 * abort, on an unknown endpoint, if no source ports are available for datagrams, or if the cluster can't report on its
 * pods. Every other failure becomes the verdict `error`.
 */
export const probeMatrix = async (
  targets: Targets,
  probes: readonly Probe[],
  options: ProbeOptions = {},
): Promise<readonly Observation[]> => {
  const { retries = 1, timeoutMs = TIMEOUT_MS, ports, signal } = options;
  const { endpoints } = targets;
  const cells = [...probes, ...ownControls(probes, endpoints)].map((probe) => cellOf(probe, endpoints));
  let paceMs = options.paceMs ?? TOOL_COST_MS / availableParallelism();
  let open = cells;
  for (let failed = 0, slowed = 0; open.length > 0; ) {
    const asked = open.map(({ probe }) => probe);
    const beside = without(
      open.flatMap(({ direct }) => direct),
      asked,
    );
    const seen = await attemptAll(targets, [...asked, ...beside], { timeoutMs, paceMs, ports, signal });
    const readingsOf = (probe: Probe) => seen.get(probeKey(probe)) as readonly Reading[];
    // If some connections of a Service are blocked, another backend answered the late ones, at the second SYN.
    const late = open.filter(({ probe, spread }) => spread && readingsOf(probe).some(isBlocked));
    const lateKeys = new Set(late.map(({ probe }) => probeKey(probe)));
    const timely = [...seen].flatMap(([key, readings]) => (lateKeys.has(key) ? [] : readings));
    const busyMs = slowestAnswerMs(timely);
    const busy = busyMs > timeoutMs * BUSY_PART;
    let slow = busy || [...seen.values()].flat().some(({ starved }) => starved);
    for (const { probe, direct, attempts } of open) {
      const readings = readingsOf(probe);
      const unexplained = direct.length > 0 && isMixed(readings) && direct.every((one) => isOpen(readingsOf(one)));
      slow ||= unexplained;
      attempts.push(unexplained ? withoutBlocked(readings) : busy ? withoutSilence(readings, busyMs) : readings);
    }
    open = open.filter((cell) => lastOf(cell).verdict === 'error');
    if (slow && slowed < SLOWER_ROUNDS) {
      slowed += 1;
      paceMs *= 3;
    } else if (failed < retries) failed += 1;
    else break;
  }
  const lost = await targets.lost();
  return doubtful(cells.map(observe), endpoints, lost).slice(0, probes.length);
};

/** A probe and its results. */
interface Cell {
  readonly probe: Probe;
  /** Its connections may reach different backends of a Service. */
  readonly spread: boolean;
  /** The probes that go directly to that Service's backends. */
  readonly direct: readonly Probe[];
  /** The readings of each attempt. */
  readonly attempts: (readonly Reading[])[];
}

const cellOf = (probe: Probe, endpoints: ReadonlyMap<string, Endpoint>): Cell => {
  const to = endpoints.get(probe.to);
  const spread = isSpread(probe, to);
  return { probe, spread, direct: spread ? directProbes(probe, to) : [], attempts: [] };
};

const lastOf = ({ attempts, spread }: Cell): ReturnType<typeof combine> =>
  combine(attempts.at(-1) as readonly Reading[], spread);

interface AttemptOptions {
  readonly timeoutMs: number;
  readonly paceMs: number;
  readonly ports: SourcePorts | undefined;
  readonly signal: AbortSignal | undefined;
}

/** One attempt at each probe, by `probeKey`: one exec per source, started one after another as the pace allows. */
const attemptAll = async (
  targets: Targets,
  probes: readonly Probe[],
  { timeoutMs, paceMs, ports, signal }: AttemptOptions,
): Promise<ReadonlyMap<string, readonly Reading[]>> => {
  let startMs = 0;
  const batches = batchesOf(probes).map(async (batch) => {
    const ownStartMs = startMs;
    startMs +=
      paceMs * batch.probes.reduce((sum, probe) => sum + toolsOf(probe, targets.endpoints.get(probe.to)).length, 0);
    // An abort also ends the wait; the exec then reports it.
    await sleep(ownStartMs, undefined, { signal }).catch(() => undefined);
    return runBatch(targets.source(batch.from), batch.probes, targets.endpoints, { timeoutMs, ports, signal });
  });
  const seen = (await Promise.all(batches)).flatMap((readings) => [...readings]);
  return new Map(seen.map(([probe, readings]) => [probeKey(probe), readings]));
};

const slowestAnswerMs = (readings: readonly Reading[]): number =>
  readings.reduce((most, { verdict, elapsedMs }) => (verdict === 'allowed' ? Math.max(most, elapsedMs) : most), 0);

const isOpen = (readings: readonly Reading[]): boolean => combine(readings).verdict === 'allowed';

/** If each backend is reached directly, no policy explains why some connections to the Service got no answer. */
const withoutBlocked = (readings: readonly Reading[]): readonly Reading[] =>
  readings.map((reading) =>
    isBlocked(reading)
      ? { ...reading, verdict: 'error', detail: `${reading.detail}, though each backend answers directly` }
      : reading,
  );

/** On a machine too busy to see the answers that arrive, silence says nothing. */
const withoutSilence = (readings: readonly Reading[], busyMs: number): readonly Reading[] =>
  readings.map((reading) =>
    reading.verdict === 'dropped'
      ? {
          ...reading,
          verdict: 'error',
          detail: `${reading.detail}, but the machine was too busy to tell (an answer took ${busyMs} ms)`,
        }
      : reading,
  );

const batchesOf = (probes: readonly Probe[]): readonly { from: string; probes: readonly Probe[] }[] =>
  [...Map.groupBy(probes, ({ from }) => from)].flatMap(([from, own]) =>
    Array.from({ length: Math.ceil(own.length / MAX_PROBES_PER_EXEC) }, (_, index) => ({
      from,
      probes: own.slice(index * MAX_PROBES_PER_EXEC, (index + 1) * MAX_PROBES_PER_EXEC),
    })),
  );

const observe = (cell: Cell): Observation => {
  const { from, to, port, protocol, family } = cell.probe;
  const { verdict, detail } = lastOf(cell);
  return {
    ...{ from, to, port, protocol, ...(family !== undefined && { family }) },
    verdict,
    flaky: verdict !== 'error' && changed(cell),
    attempts: cell.attempts.length,
    detail,
  };
};

const changed = ({ attempts, spread }: Cell): boolean => {
  const seen = new Set<Verdict>(
    attempts.flatMap((readings) => telling(readings, spread)).map(({ verdict }) => verdict),
  );
  seen.delete('error');
  return seen.size > 1;
};
