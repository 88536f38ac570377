import { PodreachError } from '../errors.ts';

/** The resources that podreach touches: kind → where the API serves it. */
const RESOURCES = {
  Namespace: { apiVersion: 'v1', plural: 'namespaces', namespaced: false },
  Node: { apiVersion: 'v1', plural: 'nodes', namespaced: false },
  Pod: { apiVersion: 'v1', plural: 'pods', namespaced: true },
  Event: { apiVersion: 'v1', plural: 'events', namespaced: true },
  Service: { apiVersion: 'v1', plural: 'services', namespaced: true },
  ServiceAccount: { apiVersion: 'v1', plural: 'serviceaccounts', namespaced: true },
  EndpointSlice: { apiVersion: 'discovery.k8s.io/v1', plural: 'endpointslices', namespaced: true },
  Job: { apiVersion: 'batch/v1', plural: 'jobs', namespaced: true },
  NetworkPolicy: { apiVersion: 'networking.k8s.io/v1', plural: 'networkpolicies', namespaced: true },
} as const;

export type Kind = keyof typeof RESOURCES;

/** RFC 1123 subdomain, the widest form of a name among these resources (apimachinery's IsDNS1123Subdomain). */
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Returns the name if it is safe in a URL path, otherwise throws: the client's libraries do not encode names. */
export const checkName = (name: unknown, what: string): string => {
  if (typeof name === 'string' && name.length <= 253 && SUBDOMAIN.test(name)) return name;
  throw new PodreachError(`${what} is not a valid Kubernetes name: ${JSON.stringify(name)}`);
};

/**
 * The API path of one object, or of the collection without `name`, or of the collection over all namespaces
 * without `namespace` too.
 */
export const pathOf = (kind: Kind, at: { readonly namespace?: string; readonly name?: string } = {}): string => {
  const { apiVersion, plural, namespaced } = RESOURCES[kind];
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const within =
    namespaced && at.namespace !== undefined
      ? `/namespaces/${checkName(at.namespace, `the namespace of a ${kind}`)}`
      : '';
  const one = at.name === undefined ? '' : `/${checkName(at.name, `the name of a ${kind}`)}`;
  return `${root}${within}/${plural}${one}`;
};

/** `NetworkPolicy prod/web`, for messages. */
export const describeManifest = (manifest: Readonly<Record<string, unknown>>): string => {
  const { name, namespace } = metadataOf(manifest);
  return `${String(manifest.kind)} ${namespace === undefined ? '' : `${String(namespace)}/`}${String(name)}`;
};

/** The API path at which a manifest is applied; throws on a kind, version or name that podreach does not send. */
export const pathOfManifest = (manifest: Readonly<Record<string, unknown>>): string => {
  const kind = String(manifest.kind);
  if (!Object.hasOwn(RESOURCES, kind)) throw new PodreachError(`podreach does not send objects of kind ${kind}`);
  const { apiVersion, namespaced } = RESOURCES[kind as Kind];
  if (manifest.apiVersion !== apiVersion)
    throw new PodreachError(
      `${describeManifest(manifest)} has apiVersion ${String(manifest.apiVersion)}, not ${apiVersion}`,
    );
  const { name, namespace } = metadataOf(manifest);
  return pathOf(kind as Kind, {
    name: checkName(name, `the name of a ${kind}`),
    ...(namespaced && { namespace: checkName(namespace, `the namespace of ${kind} ${String(name)}`) }),
  });
};

/** The API path to which a question is posted; throws on one that podreach does not ask. */
export const pathOfReview = ({ apiVersion, kind }: Readonly<Record<string, unknown>>): string => {
  if (apiVersion === 'authorization.k8s.io/v1' && kind === 'SelfSubjectAccessReview')
    return `/apis/${apiVersion}/selfsubjectaccessreviews`;
  throw new PodreachError(`podreach does not ask the API server for a ${String(kind)} of ${String(apiVersion)}`);
};

const metadataOf = (manifest: Readonly<Record<string, unknown>>): { name?: unknown; namespace?: unknown } =>
  (manifest.metadata ?? {}) as { name?: unknown; namespace?: unknown };
