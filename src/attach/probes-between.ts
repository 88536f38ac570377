import { familyOf, type Probe } from '../scenario/index.ts';
import type { ExistingPod } from './existing-pod.ts';

/**
 * Every probe of the matrix, row by row: each pod to each port of each pod, including itself, in each IP family that
 * both have. Probes name the family if the pods together have two.
 */
export const probesBetween = (pods: readonly ExistingPod[]): readonly Probe[] => {
  const familiesOf = ({ addresses }: ExistingPod) =>
    [...new Set(addresses.map(familyOf))].filter((one) => one !== undefined);
  const dual = new Set(pods.flatMap(familiesOf)).size > 1;
  return pods.flatMap((from) =>
    pods.flatMap((to) =>
      to.ports.flatMap(({ number: port, protocol }) =>
        familiesOf(to)
          .filter((family) => familiesOf(from).includes(family))
          .map((family) => ({ from: from.endpoint, to: to.endpoint, port, protocol, ...(dual && { family }) })),
      ),
    ),
  );
};
