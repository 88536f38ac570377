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

/** Where probes start and end: a Deployment is one. */
export interface Targets {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  source(endpoint: string): Source;
  /** The endpoints that did not live through the probing, with the reason. */
  lost(): Promise<ReadonlyMap<string, string>>;
}

export interface ProbeOptions {
  /** How long one probe may wait for an answer; where the image's `timeout` is BusyBox's, rounded up to whole seconds. */
  readonly timeoutMs?: number;
  /** How often a cell whose verdict is `error` is tried again. */
  readonly retries?: number;
  /** Time between the starts of two tools, over all sources, so that they don't starve each other of processor. */
  readonly paceMs?: number;
  /** Where datagrams start from; this process's own when left out. */
  readonly ports?: SourcePorts;
  readonly signal?: AbortSignal | undefined;
}

/** Longer than the second after which Linux sends a lost SYN again. */
const TIMEOUT_MS = 1_500;
/** What a tool costs of one processor, with the server that answers it; measured with `npm run bench -- live`. */
const TOOL_COST_MS = 6;
/** An answer that took this part of the timeout, where milliseconds are usual, shows a machine too busy to hear others. */
const BUSY_PART = 0.6;
/** How often a busy machine is given more time, each time at a third of the pace, before what it says is taken as it is. */
const SLOWER_ROUNDS = 3;
/** More at once in one pod, and the exec's own output is late. */
const MAX_PROBES_PER_EXEC = 40;

/**
 * Tries every probe and says what was seen, in the order given. One exec per source carries its probes. A cell that
 * came out as `error` is tried again, whatever was expected of it: nothing here knows expectations. On a busy machine
 * no answer is such an error; there, and where a tool was starved, it is tried again at a slower pace, which does not
 * count as a retry; and so is a Service of which some connections got no answer while each of its backends gave one
 * directly. When what a tool saw of a cell changed between attempts, the cell is flaky. Cells from or to a pod that did
 * not live through it are errors, whatever was seen, and so is silence of a server that does not answer itself; hosts
 * outside the cluster are asked that beside the matrix. Throws a PodreachError only on an abort, on an unknown
 * endpoint, where no source ports can be had for datagrams, or when the cluster can't tell of its pods: whatever else
 * fails is the verdict `error`.
 */
export const probeMatrix = async (
  targets: Targets,
  probes: readonly Probe[],
  options: ProbeOptions = {},
): Promise<readonly Observation[]> => {
  const { retries = 1, timeoutMs = TIMEOUT_MS, ports, signal } = options;
  const { endpoints } = targets;
  const all = [...probes, ...ownControls(probes, endpoints)];
  const attempts = new Map<Probe, (readonly Reading[])[]>(all.map((probe) => [probe, []]));
  let paceMs = options.paceMs ?? TOOL_COST_MS / availableParallelism();
  const spread = new Set(all.filter((probe) => isSpread(probe, endpoints.get(probe.to))));
  const direct = new Map([...spread].map((probe) => [probe, directProbes(probe, endpoints.get(probe.to))]));
  const together = (probe: Probe, readings: readonly Reading[]) => combine(readings, spread.has(probe));
  let open: readonly Probe[] = all;
  for (let failed = 0, slowed = 0; open.length > 0; ) {
    const beside = without(
      open.flatMap((probe) => direct.get(probe) ?? []),
      open,
    );
    const seen = await attemptAll(targets, [...open, ...beside], { timeoutMs, paceMs, ports, signal });
    const byKey = new Map([...seen].map(([probe, readings]) => [probeKey(probe), readings]));
    const isUnexplained = (probe: Probe, readings: readonly Reading[]): boolean => {
      const straight = direct.get(probe) ?? [];
      return (
        straight.length > 0 && isMixed(readings) && straight.every((one) => isOpen(byKey.get(probeKey(one)) ?? []))
      );
    };
    // What a Service answers late where some is blocked was met by another backend, at the second try.
    const timely = [...seen].flatMap(([probe, readings]) =>
      spread.has(probe) && readings.some(isBlocked) ? [] : readings,
    );
    const busyMs = slowestAnswerMs(timely);
    const busy = busyMs > timeoutMs * BUSY_PART;
    let slow = busy || isStarved(seen);
    for (const probe of open) {
      const readings = seen.get(probe) ?? [];
      const unexplained = isUnexplained(probe, readings);
      slow ||= unexplained;
      const sound = unexplained ? withoutBlocked(readings) : busy ? withoutSilence(readings, busyMs) : readings;
      attempts.get(probe)?.push(sound);
    }
    open = open.filter((probe) => together(probe, attempts.get(probe)?.at(-1) ?? []).verdict === 'error');
    if (slow && slowed < SLOWER_ROUNDS) {
      slowed += 1;
      paceMs *= 3;
    } else if (failed < retries) failed += 1;
    else break;
  }
  const lost = await targets.lost();
  const observations = all.map((probe) => observe(probe, attempts.get(probe) ?? [], spread.has(probe)));
  return doubtful(observations, endpoints, lost).slice(0, probes.length);
};

interface AttemptOptions {
  readonly timeoutMs: number;
  readonly paceMs: number;
  readonly ports: SourcePorts | undefined;
  readonly signal: AbortSignal | undefined;
}

/** One attempt at each probe: an exec per source, started one after another as the pace allows. */
const attemptAll = async (
  targets: Targets,
  probes: readonly Probe[],
  { timeoutMs, paceMs, ports, signal }: AttemptOptions,
): Promise<ReadonlyMap<Probe, readonly Reading[]>> => {
  let startMs = 0;
  const batches = batchesOf(probes).map(async (batch) => {
    const ownStartMs = startMs;
    startMs +=
      paceMs * batch.probes.reduce((sum, probe) => sum + toolsOf(probe, targets.endpoints.get(probe.to)).length, 0);
    // An abort ends the wait as well; the exec then says so.
    await sleep(ownStartMs, undefined, signal && { signal }).catch(() => undefined);
    return runBatch(targets.source(batch.from), batch.probes, targets.endpoints, { timeoutMs, ports, signal });
  });
  return new Map((await Promise.all(batches)).flatMap((readings) => [...readings]));
};

const slowestAnswerMs = (readings: readonly Reading[]): number =>
  readings.reduce((most, { verdict, elapsedMs }) => (verdict === 'allowed' ? Math.max(most, elapsedMs) : most), 0);

const isStarved = (seen: ReadonlyMap<Probe, readonly Reading[]>): boolean =>
  [...seen.values()].flat().some(({ starved }) => starved);

const isOpen = (readings: readonly Reading[]): boolean => combine(readings).verdict === 'allowed';

/** Where each backend is reached directly, no policy is why some connections to their Service got no answer. */
const withoutBlocked = (readings: readonly Reading[]): readonly Reading[] =>
  readings.map((reading) =>
    isBlocked(reading)
      ? { ...reading, verdict: 'error', detail: `${reading.detail}, though each backend answers directly` }
      : reading,
  );

/** On a machine that hardly hears the answers that come, silence says nothing. */
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

const observe = (
  { from, to, port, protocol, family }: Probe,
  attempts: readonly (readonly Reading[])[],
  spread: boolean,
): Observation => {
  const probe = { from, to, port, protocol, ...(family !== undefined && { family }) };
  const last = attempts.at(-1);
  if (!last) return { ...probe, verdict: 'error', flaky: false, attempts: 0, detail: 'nothing was tried' };
  const { verdict, detail } = combine(last, spread);
  return {
    ...probe,
    verdict,
    flaky: verdict !== 'error' && changed(attempts, spread),
    attempts: attempts.length,
    detail,
  };
};

const changed = (attempts: readonly (readonly Reading[])[], spread: boolean): boolean => {
  const seen = new Set<Verdict>(
    attempts.flatMap((readings) => telling(readings, spread)).map(({ verdict }) => verdict),
  );
  seen.delete('error');
  return seen.size > 1;
};
