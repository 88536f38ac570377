import { type Deployment, isHost, isService } from '../deploy/index.ts';
import type { Agreement } from '../matrix/index.ts';
import { isKubelets, type Observation, type ProbeOptions, probeMatrix, watchKubelet } from '../probe/index.ts';
import type { Probe } from '../scenario/index.ts';
import type { Canary } from '../settle/index.ts';
import { type AgreementOptions, takeUntilAgreed } from './agreement.ts';
import { pathsOf, withoutBrokenPaths } from './path-doubts.ts';

export interface Matrix {
  readonly observations: readonly Observation[];
  /** Absent if one matrix was enough. */
  readonly agreement?: Agreement;
}

/** The nodes on which a deployment's endpoints run. */
export const nodesOf = ({ endpoints }: Pick<Deployment, 'endpoints'>): readonly string[] => [
  ...new Set([...endpoints.values()].flatMap((one) => (isHost(one) || isService(one) ? [] : one.node))),
];

/**
 * Takes the matrix of these probes. If the agents enforce changes in no known order, it does so until two in a row
 * agree. A blocked cell becomes an error if its path between the nodes carried nothing before or after.
 */
export const takeMatrix = async (
  deployment: Deployment,
  canary: Canary,
  probes: readonly Probe[],
  options: ProbeOptions & AgreementOptions,
): Promise<Matrix> => {
  const take = () => takeOnce(deployment, canary, probes, options);
  return canary.isOrdered ? { observations: await take() } : takeUntilAgreed(take, options);
};

const takeOnce = async (
  deployment: Deployment,
  canary: Canary,
  probes: readonly Probe[],
  options: ProbeOptions,
): Promise<readonly Observation[]> => {
  const paths = pathsOf(probes, deployment);
  const ours = probes.filter((probe) => !isKubelets(probe));
  const [before, watched, seen] = await Promise.all([
    canary.brokenPaths(paths),
    watchKubelet(deployment, probes, options),
    probeMatrix(deployment, ours, options),
  ]);
  const broken = new Map([...before, ...(await canary.brokenPaths(paths))]);
  return withoutBrokenPaths([...seen, ...watched], deployment, broken);
};
