import type { Deployment } from '../deploy/index.ts';
import { KUBELET } from '../model/index.ts';
import type { Probe } from '../scenario/index.ts';
import { type ProbeOptions, probeMatrix } from './probe-matrix.ts';
import type { Observation } from './verdict.ts';

/**
 * The kubelet probes every second and waits one second. A pod that it can no longer reach is unready after two seconds,
 * and podreach requires it to stay unready for two more. The rest is time for the status to arrive.
 */
const WATCHED_MS = 5_000;
/** How many watches an inconclusive cell gets in all. */
const ROUNDS = 3;

/**
 * The results of the kubelet's own probes: it reaches a pod that stays ready, and does not reach one that becomes
 * unready. A cell is an error if its node's control pods, which no policy isolates, don't stay ready either, if
 * readiness still flaps in the third watch, or if its server does not answer itself. A watch takes five seconds; none
 * is done if no probe is the kubelet's.
 */
export const watchKubelet = async (
  targets: Pick<Deployment, 'unready' | 'lost' | 'endpoints' | 'source'>,
  probes: readonly Probe[],
  options: ProbeOptions = {},
): Promise<readonly Observation[]> => {
  const own = probes.filter(isKubelets);
  if (own.length === 0) return [];
  let unready = await targets.unready(WATCHED_MS);
  let attempts = 1;
  for (; attempts < ROUNDS && own.some(({ to }) => unready.get(to)?.kind === 'unknown'); attempts += 1)
    unready = await targets.unready(WATCHED_MS);
  const silent = own.filter(({ to }) => unready.get(to)?.kind === 'unready');
  const listening = await probeMatrix(
    targets,
    silent.map((probe) => ({ ...probe, from: probe.to })),
    options,
  );
  const unresponsive = new Map(
    listening.filter(({ verdict }) => verdict !== 'allowed').map((one) => [one.to, one.detail]),
  );
  const lost = await targets.lost();
  return own.map((probe): Observation => {
    const { kind, why } = unready.get(probe.to) ?? { kind: 'ready' };
    const gone = lost.get(probe.to);
    const heard = unresponsive.get(probe.to);
    const seen = (verdict: Observation['verdict'], detail: string) =>
      ({ ...probe, verdict, flaky: false, attempts, detail }) as const;
    if (gone !== undefined) return seen('error', `${probe.to} broke: ${gone}`);
    if (kind === 'ready') return seen('allowed', `stayed ready for ${WATCHED_MS / 1000} s, probed every second`);
    if (kind === 'unknown') return seen('error', `it is not clear whether the kubelet reaches it: ${why}`);
    if (heard !== undefined) return seen('error', `${probe.to} does not even answer itself there; ${heard}`);
    return seen('dropped', `no longer ready: ${why}`);
  });
};

/** Whether the kubelet, not podreach, makes the probe. */
export const isKubelets = ({ from }: Probe): boolean => from === KUBELET;
