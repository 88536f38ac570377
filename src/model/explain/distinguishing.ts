/** Labels by which a policy can select a pod. */
import type { Endpoint } from '../endpoint.ts';
import type { Labels } from '../world.ts';

/** Labels that controllers generate for each rollout or pod; useless in a policy. */
const MADE_UP = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
  'pod-template-generation',
]);

/** Labels that charts give all that they install: they change with a release, or say only how it was installed. */
const RELEASED = new Set(['helm.sh/chart', 'app.kubernetes.io/version', 'app.kubernetes.io/managed-by']);

/**
 * The labels that tell a pod from the others of its namespace: the first label that no other pod has, or all of them.
 * Those of a release count only if there are no others.
 */
export const distinguishing = (endpoints: Iterable<Endpoint>): ((endpoint: Endpoint) => Labels) => {
  const all = [...endpoints];
  return ({ name, namespace, labels }) => {
    const chosen = Object.entries(labels).filter(([key]) => !MADE_UP.has(key));
    const lasting = chosen.filter(([key]) => !RELEASED.has(key));
    const stable = lasting.length > 0 ? lasting : chosen;
    const beside = all.filter((other) => other.namespace?.name === namespace?.name && other.name !== name);
    const own = stable.find(([key, value]) => beside.every((other) => other.labels[key] !== value));
    return Object.fromEntries(own ? [own] : stable);
  };
};
