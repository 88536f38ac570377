import type { Client } from '../kube/index.ts';

/** Something that the API server may allow a user. */
export interface Right {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'patch' | 'delete';
  /** Default: pods. */
  readonly resource?: string;
  /** The resource's group; default: the core's. */
  readonly group?: string;
  readonly subresource?: 'exec' | 'ephemeralcontainers';
  /** The one object that it is about; absent for all of them. */
  readonly name?: string;
}

/** An exec over WebSocket needs `get` and, from Kubernetes 1.35 on, `create` as well. */
export const RIGHTS_ALWAYS: readonly Right[] = [
  { verb: 'list' },
  { verb: 'get', subresource: 'exec' },
  { verb: 'create', subresource: 'exec' },
];

/** For adding an ephemeral container and seeing it start and end. */
export const RIGHTS_EPHEMERAL: readonly Right[] = [
  { verb: 'patch', subresource: 'ephemeralcontainers' },
  { verb: 'watch' },
];

/** `create pods/exec`, in RBAC's notation. */
export const rightText = ({ verb, resource = 'pods', group, subresource }: Right): string =>
  `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}${group === undefined ? '' : `.${group}`}`;

/** Asks the API server which of these rights the user lacks in a namespace, or in all of them (null); changes nothing. */
export const missingRights = async (
  client: Client,
  namespace: string | null,
  rights: readonly Right[],
  signal?: AbortSignal,
): Promise<readonly Right[]> => {
  const answers = await Promise.all(rights.map((right) => isAllowed(client, namespace, right, signal)));
  return rights.filter((_, index) => !answers[index]);
};

const isAllowed = async (
  client: Client,
  namespace: string | null,
  { verb, resource = 'pods', group, subresource, name }: Right,
  signal: AbortSignal | undefined,
): Promise<boolean> => {
  const resourceAttributes = {
    ...(namespace !== null && { namespace }),
    ...{ verb, resource },
    ...(group !== undefined && { group }),
    ...(subresource && { subresource }),
    ...(name !== undefined && { name }),
  };
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  };
  const { status } = await client.ask(review, { signal });
  return (status as { readonly allowed?: boolean } | undefined)?.allowed === true;
};
