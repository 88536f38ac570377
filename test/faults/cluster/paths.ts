import type { Collection } from './objects.ts';

export interface Place {
  readonly collection: Collection;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

const PATH = /^\/(api\/v1|apis\/[^\/]+\/[^\/]+)(?:\/namespaces\/([^\/]+))?\/([^\/]+)(?:\/([^\/]+))?(?:\/([^\/]+))?$/v;

/** Reads the path of a collection, an object or a subresource, of whatever group. */
export const placeOf = (path: string): Place | undefined => {
  const [, group, namespace, plural, name, subresource] = PATH.exec(path) ?? [];
  if (group === undefined || plural === undefined) return undefined;
  return { collection: { group, plural, namespace }, name, subresource };
};

export const PODS = { group: 'api/v1', plural: 'pods' } as const;
export const NODES = { group: 'api/v1', plural: 'nodes' } as const;
export const NAMESPACES = { group: 'api/v1', plural: 'namespaces' } as const;
export const POLICIES = { group: 'apis/networking.k8s.io/v1', plural: 'networkpolicies' } as const;
