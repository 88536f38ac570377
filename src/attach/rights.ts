import type { Client } from '../kube/index.ts';

/** Something that the API server lets somebody do, or not. */
export interface Right {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'patch';
  readonly subresource?: 'exec' | 'ephemeralcontainers';
}

/** An exec by WebSocket takes `get`, and from Kubernetes 1.35 on `create` as well. */
export const RIGHTS_ALWAYS: readonly Right[] = [
  { verb: 'list' },
  { verb: 'get', subresource: 'exec' },
  { verb: 'create', subresource: 'exec' },
];

/** To add an ephemeral container, and to see it start and end. */
export const RIGHTS_EPHEMERAL: readonly Right[] = [
  { verb: 'patch', subresource: 'ephemeralcontainers' },
  { verb: 'watch' },
];

/** `create pods/exec`, as RBAC writes it. */
export const rightText = ({ verb, subresource }: Right): string =>
  `${verb} pods${subresource === undefined ? '' : `/${subresource}`}`;

/** Asks the API server which of these rights on the pods of a namespace the user lacks; changes nothing. */
export const missingRights = async (
  client: Client,
  namespace: string,
  rights: readonly Right[],
  signal?: AbortSignal,
): Promise<readonly Right[]> => {
  const answers = await Promise.all(rights.map((right) => isAllowed(client, namespace, right, signal)));
  return rights.filter((_, index) => !answers[index]);
};

const isAllowed = async (
  client: Client,
  namespace: string,
  { verb, subresource }: Right,
  signal: AbortSignal | undefined,
): Promise<boolean> => {
  const resourceAttributes = { namespace, verb, resource: 'pods', ...(subresource && { subresource }) };
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
  const { status } = await client.ask(review, { signal });
  return (status as { readonly allowed?: boolean } | undefined)?.allowed === true;
};
