import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint, Source } from '../deploy/index.ts';
import type { Probe } from '../scenario/index.ts';
import type { Reading } from './classify.ts';
import { combine, isPartlyBlocked, telling } from './combine.ts';
import { runBatch } from './run-batch.ts';
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
 * came out as `error` is tried again, whatever was expected of it: nothing here knows expectations. On a busy machine no
 * answer is such an error; there, and where a tool was starved, it is tried again at a slower pace, which does not count
 * as a retry. When what a tool saw of a cell changed between attempts, the cell is flaky.
 * Cells from or to a pod that did not live through it are errors, whatever was seen.
 * Throws a PodreachError only on an abort, on an unknown endpoint, or when the cluster can't tell of its pods: whatever
 * else fails is the verdict `error`.
 */
export const probeMatrix = async (
  targets: Targets,
  probes: readonly Probe[],
  options: ProbeOptions = {},
): Promise<readonly Observation[]> => {
  const { retries = 1, timeoutMs = TIMEOUT_MS, signal } = options;
  const attempts = new Map<Probe, (readonly Reading[])[]>(probes.map((probe) => [probe, []]));
  let paceMs = options.paceMs ?? TOOL_COST_MS / availableParallelism();
  const spread = new Set(probes.filter((probe) => isSpread(probe, targets.endpoints.get(probe.to))));
  const together = (probe: Probe, readings: readonly Reading[]) => combine(readings, spread.has(probe));
  let open = probes;
  for (let failed = 0, slowed = 0; open.length > 0; ) {
    const seen = await attemptAll(targets, open, { timeoutMs, paceMs, signal });
    const busyMs = slowestAnswerMs(
      [...seen].flatMap(([probe, readings]) => (spread.has(probe) && isPartlyBlocked(readings) ? [] : readings)),
    );
    const busy = busyMs > timeoutMs * BUSY_PART;
    for (const [probe, readings] of seen) attempts.get(probe)?.push(busy ? withoutSilence(readings, busyMs) : readings);
    open = open.filter((probe) => together(probe, attempts.get(probe)?.at(-1) ?? []).verdict === 'error');
    if ((busy || isStarved(seen)) && slowed < SLOWER_ROUNDS) {
      slowed += 1;
      paceMs *= 3;
    } else if (failed < retries) failed += 1;
    else break;
  }
  const lost = await targets.lost();
  const observations = probes.map((probe) =>
    distrust(observe(probe, attempts.get(probe) ?? [], spread.has(probe)), lost),
  );
  const deaf = new Set(observations.filter(isDeaf).map(serverKey));
  return observations.map((observation) => (deaf.has(serverKey(observation)) ? doubt(observation) : observation));
};

/** One attempt at each probe: an exec per source, started one after another as the pace allows. */
const attemptAll = async (
  targets: Targets,
  probes: readonly Probe[],
  { timeoutMs, paceMs, signal }: { timeoutMs: number; paceMs: number; signal: AbortSignal | undefined },
): Promise<ReadonlyMap<Probe, readonly Reading[]>> => {
  let startMs = 0;
  const batches = batchesOf(probes).map(async (batch) => {
    const ownStartMs = startMs;
    startMs +=
      paceMs * batch.probes.reduce((sum, probe) => sum + toolsOf(probe, targets.endpoints.get(probe.to)).length, 0);
    // An abort ends the wait as well; the exec then says so.
    await sleep(ownStartMs, undefined, signal && { signal }).catch(() => undefined);
    return runBatch(targets.source(batch.from), batch.probes, targets.endpoints, { timeoutMs, signal });
  });
  return new Map((await Promise.all(batches)).flatMap((readings) => [...readings]));
};

const slowestAnswerMs = (readings: readonly Reading[]): number =>
  Math.max(0, ...readings.map(({ verdict, elapsedMs }) => (verdict === 'allowed' ? elapsedMs : 0)));

const isStarved = (seen: ReadonlyMap<Probe, readonly Reading[]>): boolean =>
  [...seen.values()].flat().some(({ starved }) => starved);

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

/** A pod always reaches itself, whatever the policies (kubernetes.io/docs/concepts/services-networking/network-policies). */
const isDeaf = ({ from, to, verdict }: Observation): boolean =>
  from === to && verdict !== 'allowed' && verdict !== 'unsupported';

/** Equal for the probes of one server. */
export const serverKey = ({ to, port, protocol, family }: Probe): string => `${to} ${port}/${protocol} ${family}`;

/** What does not even answer its own pod is not blocked but broken, though the cluster may not have noticed yet. */
const doubt = (observation: Observation): Observation => {
  const { from, to, verdict } = observation;
  if (from === to || (verdict !== 'dropped' && verdict !== 'rejected')) return observation;
  return {
    ...observation,
    verdict: 'error',
    flaky: false,
    detail: `${observation.to} does not even answer itself there; ${observation.detail}`,
  };
};

const distrust = (observation: Observation, lost: ReadonlyMap<string, string>): Observation => {
  const endpoint = [observation.from, observation.to].find((name) => lost.has(name));
  if (endpoint === undefined || observation.verdict === 'unsupported') return observation;
  return {
    ...observation,
    verdict: 'error',
    flaky: false,
    detail: `${endpoint} broke: ${lost.get(endpoint)}`,
  };
};
