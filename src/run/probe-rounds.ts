import type { Attachment } from '../attach/index.ts';
import { type Observation, probeMatrix, serverKey } from '../probe/index.ts';
import type { Probe } from '../scenario/index.ts';
import { doubted } from './probe-doubts.ts';
import type { ProbePlan } from './probe-plan.ts';

export interface ForeignOptions {
  readonly timeoutMs: number;
  readonly retries: number;
  readonly signal: AbortSignal;
}

/** Connections at once from one pod. Its memory belongs to its owner and is not ours to fill. */
const SERVERS_PER_ROUND = 10;
/** Time for the containers to start, and for the first look. */
const STARTING_SECONDS = 120;
/** Of each round: one, and up to three on a busy machine. The retries come on top. */
const ATTEMPTS_PER_ROUND = 4;
/** An exec's own time in each attempt. */
const EXEC_SECONDS = 7;

/** How long an ephemeral container must live for these probes in the worst case. */
export const lifetimeSeconds = (
  probes: readonly Probe[],
  { timeoutMs, retries, repeatEach, watchMs = 0 }: Pick<ProbePlan, 'timeoutMs' | 'retries' | 'repeatEach' | 'watchMs'>,
): number =>
  STARTING_SECONDS +
  Math.ceil(watchMs / 1000) +
  Math.ceil(repeatEach * roundsOf(probes).length * (ATTEMPTS_PER_ROUND + retries) * (timeoutMs / 1000 + EXEC_SECONDS));

/**
 * Tries every probe, a few servers at a time, and says what was seen, in the order given. No packet goes to or from a
 * pod that has changed since it was found: its cells are errors. So are those whose silence may have another cause
 * than a policy, and those that a proxy would answer in place of the server.
 */
export const probeForeign = async (
  attachment: Attachment,
  probes: readonly Probe[],
  { timeoutMs, retries, signal }: ForeignOptions,
): Promise<readonly Observation[]> => {
  let lost = await attachment.lost();
  // What is lost once stays lost, even if a later look does not show it.
  const targets = {
    ...attachment,
    lost: async () => {
      lost = new Map([...(await attachment.lost()), ...lost]);
      return lost;
    },
  };
  const seen = new Map<Probe, Observation>();
  for (const round of roundsOf(probes)) {
    const open: Probe[] = [];
    for (const probe of round) {
      const untried = untriedOf(probe, attachment, lost);
      if (untried) seen.set(probe, untried);
      else open.push(probe);
    }
    const observations = open.length === 0 ? [] : await probeMatrix(targets, open, { timeoutMs, retries, signal });
    for (const [index, observation] of observations.entries()) seen.set(open[index] as Probe, observation);
  }
  const all = probes.map((probe) => seen.get(probe) as Observation);
  return doubted(all, attachment);
};

/** All probes of one server are in one round, including its own pod's, which shows whether anything listens there. */
const roundsOf = (probes: readonly Probe[]): readonly (readonly Probe[])[] => {
  const servers = [...Map.groupBy(probes, serverKey).values()];
  return Array.from({ length: Math.ceil(servers.length / SERVERS_PER_ROUND) }, (_, index) =>
    servers.slice(index * SERVERS_PER_ROUND, (index + 1) * SERVERS_PER_ROUND).flat(),
  );
};

/** Why a probe can't or must not be tried; undefined if it can. */
const untriedOf = (
  probe: Probe,
  { mute, ownTools }: Attachment,
  lost: ReadonlyMap<string, string>,
): Observation | undefined => {
  const untried = { ...probe, flaky: false, attempts: 0 } as const;
  const gone = [probe.from, probe.to].find((endpoint) => lost.has(endpoint));
  if (gone !== undefined) return { ...untried, verdict: 'error', detail: `${gone} broke: ${lost.get(gone)}` };
  const why = mute.get(probe.from);
  if (why !== undefined)
    return { ...untried, verdict: 'error', detail: `no probe can start from ${probe.from}: ${why}` };
  if (probe.protocol !== 'TCP' && ownTools.has(probe.from))
    return { ...untried, verdict: 'unsupported', detail: `${probe.protocol} needs an ephemeral container` };
  return undefined;
};
