import type { Deployment } from '../deploy/index.ts';
import { KUBELET } from '../model/index.ts';
import type { Probe } from '../scenario/index.ts';
import type { Observation } from './verdict.ts';

/** Of the kubelet's questions, one a second, at least two fall into this time. */
const WATCHED_MS = 3_000;

/**
 * What becomes of the kubelet's own probes: a pod that stays ready is reached. Takes three seconds; nothing where no probe
 * is the kubelet's.
 */
export const watchKubelet = async (
  targets: Pick<Deployment, 'unready'>,
  probes: readonly Probe[],
): Promise<readonly Observation[]> => {
  const own = probes.filter(isKubelets);
  if (own.length === 0) return [];
  const unready = await targets.unready(WATCHED_MS);
  return own.map((probe) => {
    const reason = unready.get(probe.to);
    const [verdict, detail] =
      reason === undefined
        ? (['allowed', `stayed ready for ${WATCHED_MS / 1000} s, asked each second`] as const)
        : (['dropped', `no longer ready: ${reason}`] as const);
    return { ...probe, verdict, flaky: false, attempts: 1, detail };
  });
};

/** Whether a probe is made by the kubelet and not by us. */
export const isKubelets = ({ from }: Probe): boolean => from === KUBELET;
