import { type Answer, failure, jsonAnswer } from './answers.ts';
import { withDefaults } from './defaults.ts';
import { type Collection, type Json, type KubeObject, selectedBy } from './objects.ts';
import { NAMESPACES, type Place, placeOf } from './paths.ts';
import type { Store } from './store.ts';

export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  readonly contentType: string;
}

/** An admission webhook that changes what is written. */
export type Mutation = (collection: Collection, object: KubeObject) => KubeObject;

/** Answers one request from the store, whatever resource it is about; watches apart. */
export const answerFrom = (store: Store, request: ApiRequest, mutate: Mutation): Answer => {
  const { method, url } = request;
  if (url.pathname === '/version') return jsonAnswer(200, { major: '1', minor: '37', gitVersion: 'v1.37.0' });
  const place = placeOf(url.pathname);
  if (!place) return failure(404, 'the server could not find the requested resource');
  if (method === 'POST' && /^selfsubject\w+reviews$/v.test(place.collection.plural))
    return jsonAnswer(201, { ...(JSON.parse(request.body) as Json), status: { allowed: true } });
  if (method === 'GET') return place.name === undefined ? list(store, place, url) : get(store, place);
  return method === 'DELETE' ? remove(store, place, request) : write(store, place, request, mutate);
};

const missing = ({ collection, name }: Place): Answer => failure(404, `${collection.plural} "${name}" not found`);

const get = (store: Store, place: Place): Answer => {
  const object = store.get(place.collection, place.name ?? '');
  return object ? jsonAnswer(200, object) : missing(place);
};

const list = (store: Store, { collection }: Place, url: URL): Answer =>
  jsonAnswer(200, {
    kind: 'List',
    apiVersion: 'v1',
    metadata: { resourceVersion: String(store.version()) },
    items: store.list(collection).filter((object) => selectedBy(url.searchParams.get('labelSelector'), object)),
  });

const remove = (store: Store, place: Place, request: ApiRequest): Answer => {
  const { collection, name = '' } = place;
  const { preconditions } = (request.body === '' ? {} : JSON.parse(request.body)) as {
    readonly preconditions?: { readonly uid?: string };
  };
  const before = store.get(collection, name);
  if (!before) return missing(place);
  if (preconditions?.uid !== undefined && preconditions.uid !== before.metadata.uid)
    return failure(409, 'the UID in the precondition does not match');
  return jsonAnswer(200, store.remove(collection, name, { grace: collection.plural === 'namespaces' }));
};

/** Creates, applies, patches or replaces; the API server's reasons to refuse come first. */
const write = (store: Store, place: Place, request: ApiRequest, mutate: Mutation): Answer => {
  const { collection, subresource } = place;
  const sent = JSON.parse(request.body) as KubeObject;
  const name = place.name ?? sent.metadata.name;
  const before = store.get(collection, name);
  const isMerge = request.contentType.includes('merge-patch');
  const refusal = homeRefusal(store, collection, before) ?? conflict(request, { ...place, name }, sent, before);
  if (refusal) return refusal;
  if (isMerge && !before) return missing({ ...place, name });
  const whole = isMerge
    ? (merged(before as unknown as Json, sent as unknown as Json) as unknown as KubeObject)
    : { ...sent, ...(before?.status && subresource === undefined && { status: before.status }) };
  const named = { ...whole, metadata: { ...whole.metadata, name } };
  const object = withDefaults(collection, mutate(collection, named), before);
  const isDry = request.url.searchParams.get('dryRun') === 'All';
  return jsonAnswer(before ? 200 : 201, isDry ? object : store.put(collection, object));
};

const homeRefusal = (store: Store, { namespace }: Collection, before: KubeObject | undefined): Answer | undefined => {
  if (namespace === undefined) return undefined;
  const home = store.get(NAMESPACES, namespace);
  if (!home) return failure(404, `namespaces "${namespace}" not found`);
  return home.metadata.deletionTimestamp !== undefined && !before
    ? failure(403, `unable to create new content in namespace ${namespace} because it is being terminated`)
    : undefined;
};

const conflict = (
  { method }: ApiRequest,
  { collection, name }: Place,
  { metadata }: Partial<KubeObject>,
  before: KubeObject | undefined,
): Answer | undefined => {
  if (method === 'POST' && before) return failure(409, `${collection.plural} "${name}" already exists`);
  for (const key of ['uid', 'resourceVersion'] as const)
    if (metadata?.[key] !== undefined && metadata[key] !== before?.metadata[key])
      return failure(409, `the object has been modified: ${key} mismatch`);
  return undefined;
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7396. */
const merged = (before: Json, change: Json): Json => {
  const result: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(change)) {
    const old = before[key];
    if (value === null) delete result[key];
    else result[key] = isObject(old) && isObject(value) ? merged(old, value) : value;
  }
  return result;
};
