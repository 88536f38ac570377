import { PodreachError } from '../errors.ts';
import { type Client, type KubeObject, pathOf } from './client.ts';
import { describePod, isHopeless, isReady, type PodObject } from './pod-state.ts';

export interface ReadyOptions {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with the pods of the namespace at first and after each change. */
  readonly onChange?: (pods: ReadonlyMap<string, PodObject>) => void;
}

interface EventObject extends KubeObject {
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly involvedObject?: { readonly kind?: string; readonly name?: string };
}

const EVENTS_SHOWN = 3;

/**
 * Waits until the named pods of a namespace are Ready, with one watch, and returns them by name.
 * Throws a PodreachError that names the pod, its state and its last events: at the deadline, or as soon as a pod has
 * failed for good.
 */
export const readyPods = async (
  client: Client,
  namespace: string,
  names: readonly string[],
  { deadlineMs, signal, onChange }: ReadyOptions,
): Promise<ReadonlyMap<string, PodObject>> => {
  if (names.length === 0) return new Map();
  let hopeless: PodObject | undefined;
  const pods = await client.waitFor(
    pathOf('Pod', { namespace }),
    (objects) => {
      const byName = index(objects);
      onChange?.(byName);
      hopeless = names.map((name) => byName.get(name)).find((pod) => pod !== undefined && isHopeless(pod));
      return hopeless !== undefined || names.every((name) => isReady(byName.get(name) ?? ABSENT));
    },
    {
      deadlineMs,
      signal,
      what: `the pods of namespace ${namespace}`,
      describe: (objects) => describeMissing(client, namespace, names, index(objects)),
    },
  );
  if (hopeless)
    throw new PodreachError(
      `pod ${namespace}/${hopeless.metadata.name} failed: ${await diagnose(client, namespace, hopeless)}`,
    );
  return index(pods);
};

const ABSENT: PodObject = { metadata: { name: '' } };

const index = (objects: readonly KubeObject[]): ReadonlyMap<string, PodObject> =>
  new Map(objects.map((object) => [object.metadata.name, object as PodObject]));

const describeMissing = async (
  client: Client,
  namespace: string,
  names: readonly string[],
  pods: ReadonlyMap<string, PodObject>,
): Promise<string> => {
  const missing = names.filter((name) => !isReady(pods.get(name) ?? ABSENT));
  const first = missing[0];
  if (first === undefined) return '';
  const pod = pods.get(first);
  const others = missing.length > 1 ? `; also not ready: ${missing.slice(1).join(', ')}` : '';
  return `${first} is not ready: ${pod ? await diagnose(client, namespace, pod) : 'it is gone'}${others}`;
};

export const diagnose = async (client: Client, namespace: string, pod: PodObject): Promise<string> => {
  const events = await lastEvents(client, namespace, pod.metadata.name);
  return describePod(pod) + (events === '' ? '' : ` (events: ${events})`);
};

/** The run's own deadline may have passed, so this does not use its signal. Missing events are not a second failure. */
const lastEvents = async (client: Client, namespace: string, pod: string): Promise<string> => {
  const events = (await client.list(pathOf('Event', { namespace })).catch(() => [])) as readonly EventObject[];
  return events
    .filter(({ involvedObject }) => involvedObject?.kind === 'Pod' && involvedObject.name === pod)
    .sort((one, other) => ((one.lastTimestamp ?? '') < (other.lastTimestamp ?? '') ? -1 : 1))
    .slice(-EVENTS_SHOWN)
    .map(({ reason, message }) => `${reason}: ${message}`)
    .join('; ');
};
