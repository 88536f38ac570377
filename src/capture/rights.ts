import { missingRights, type Right, rightText } from '../attach/index.ts';
import { PodreachError } from '../errors.ts';
import type { Client } from '../kube/index.ts';

/** Which part of a cluster is captured. */
export type Scope = { readonly kind: 'all' } | { readonly kind: 'some'; readonly namespaces: readonly string[] };

/** What capturing asks for in a namespace; for all namespaces it lists these as well. */
const RIGHTS_TO_CAPTURE: readonly Right[] = [
  { verb: 'list' },
  { verb: 'list', resource: 'services' },
  { verb: 'list', resource: 'networkpolicies', group: 'networking.k8s.io' },
];
const GET_NAMESPACE: Right = { verb: 'get', resource: 'namespaces' };
const LIST_NAMESPACES: Right = { verb: 'list', resource: 'namespaces' };

/** Throws one PodreachError that names everything that the user is not allowed to do. */
export const requireRightsToCapture = async (client: Client, scope: Scope, signal?: AbortSignal): Promise<void> => {
  const lacks = scope.kind === 'all' ? await lackedOverall(client, signal) : await lackedIn(client, scope, signal);
  if (lacks.length === 0) return;
  throw new PodreachError(`the user of context ${client.context} is not allowed to ${lacks.join(', ')}`, {
    hint: 'docs/capture.md has a Role that grants what podreach capture needs',
  });
};

const lackedOverall = async (client: Client, signal?: AbortSignal): Promise<readonly string[]> => {
  const missing = await missingRights(client, null, [...RIGHTS_TO_CAPTURE, LIST_NAMESPACES], signal);
  return missing.map((right) => `${rightText(right)} in all namespaces`);
};

const lackedIn = async (
  client: Client,
  { namespaces }: Extract<Scope, { kind: 'some' }>,
  signal?: AbortSignal,
): Promise<readonly string[]> => {
  const lacks = await Promise.all(
    namespaces.map(async (name) => {
      const missing = await missingRights(client, name, [...RIGHTS_TO_CAPTURE, { ...GET_NAMESPACE, name }], signal);
      return missing.map((right) => `${rightText(right)} in ${name}`);
    }),
  );
  return lacks.flat();
};
