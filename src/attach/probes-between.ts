import { type Family, familyOf, type Probe } from '../scenario/index.ts';
import type { ExistingPod } from './existing-pod.ts';

/** The IP families of pods, each once. */
export const familiesOf = (pods: readonly Pick<ExistingPod, 'addresses'>[]): readonly Family[] => [
  ...new Set(pods.flatMap(({ addresses }) => addresses.flatMap((address) => familyOf(address) ?? []))),
];

/**
 * Every probe of the matrix, row by row: each pod to each port of each pod, including itself, in each IP family that
 * both have. Probes name the family if the pods together have two.
 */
export const probesBetween = (pods: readonly ExistingPod[]): readonly Probe[] => {
  const dual = familiesOf(pods).length > 1;
  return pods.flatMap((from) =>
    pods.flatMap((to) =>
      to.ports.flatMap(({ number: port, protocol }) =>
        familiesOf([to])
          .filter((family) => familiesOf([from]).includes(family))
          .map((family) => ({ from: from.endpoint, to: to.endpoint, port, protocol, ...(dual && { family }) })),
      ),
    ),
  );
};
