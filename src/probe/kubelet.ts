import type { Deployment } from '../deploy/index.ts';
import { KUBELET } from '../model/index.ts';
import type { Probe } from '../scenario/index.ts';
import { type ProbeOptions, probeMatrix } from './probe-matrix.ts';
import type { Observation } from './verdict.ts';

/**
 * The kubelet asks each second and waits for one; a pod that it stops to reach is not ready after two of them, and for
 * two more. The rest is for its word to get around.
 */
const WATCHED_MS = 5_000;
/** How often what told nothing is watched, in all. */
const ROUNDS = 3;

/**
 * What becomes of the kubelet's own probes: a pod that stays ready is reached, one that is no longer ready is not. It
 * is an error where the pods of its node that no policy isolates don't stay ready either, where it comes and goes after
 * three times of watching, and where its server does not answer itself. A time takes five seconds; nothing where no
 * probe is the kubelet's.
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
  const deaf = new Map(listening.filter(({ verdict }) => verdict !== 'allowed').map((one) => [one.to, one.detail]));
  const lost = await targets.lost();
  return own.map((probe): Observation => {
    const { kind, why } = unready.get(probe.to) ?? { kind: 'ready' };
    const gone = lost.get(probe.to);
    const heard = deaf.get(probe.to);
    const seen = (verdict: Observation['verdict'], detail: string) =>
      ({ ...probe, verdict, flaky: false, attempts, detail }) as const;
    if (gone !== undefined) return seen('error', `${probe.to} broke: ${gone}`);
    if (kind === 'ready') return seen('allowed', `stayed ready for ${WATCHED_MS / 1000} s, asked each second`);
    if (kind === 'unknown') return seen('error', `whether the kubelet reaches it is not clear: ${why}`);
    if (heard !== undefined) return seen('error', `${probe.to} does not even answer itself there; ${heard}`);
    return seen('dropped', `no longer ready: ${why}`);
  });
};

/** Whether a probe is made by the kubelet and not by us. */
export const isKubelets = ({ from }: Probe): boolean => from === KUBELET;
