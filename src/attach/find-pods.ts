import { PodreachError } from '../errors.ts';
import { type Client, pathOf } from '../kube/index.ts';
import type { Port } from '../scenario/index.ts';
import { nearest } from '../text.ts';
import { type ExistingObject, type ExistingPod, existingPod, isRunning } from './existing-pod.ts';

export interface Wanted {
  readonly namespaces: readonly string[];
  /** A selector in API notation: `app=web`. */
  readonly selector?: string | undefined;
  /** The ports to probe on every pod; null for the ports that each declares. */
  readonly ports: readonly Port[] | null;
}

/**
 * The running pods of some namespaces, by name. Throws a PodreachError for a namespace that does not exist or has no
 * matching running pod.
 */
export const findPods = async (
  client: Client,
  { namespaces, selector, ports }: Wanted,
  signal?: AbortSignal,
): Promise<{ readonly pods: readonly ExistingPod[]; readonly notRunning: number }> => {
  const labels = selector === undefined ? {} : { labelSelector: selector };
  const lists = await Promise.all(
    namespaces.map(async (namespace) => {
      const all = (await client.list(pathOf('Pod', { namespace }), { signal, ...labels })) as readonly ExistingObject[];
      if (!all.some(isRunning)) throw await nothingIn(client, namespace, selector, signal);
      return all;
    }),
  );
  const all = lists.flat();
  const pods = all.filter(isRunning).map((pod) => existingPod(pod, ports));
  return {
    pods: pods.sort((one, other) => (one.endpoint < other.endpoint ? -1 : 1)),
    notRunning: all.length - pods.length,
  };
};

const nothingIn = async (
  client: Client,
  namespace: string,
  selector: string | undefined,
  signal: AbortSignal | undefined,
): Promise<PodreachError> => {
  // Users with access to single namespaces may not list them; then it is not known whether this one exists.
  const known = await client.list(pathOf('Namespace'), { signal }).catch(() => null);
  const names = (known ?? []).map(({ metadata }) => metadata.name);
  if (known && !names.includes(namespace))
    return new PodreachError(`there is no namespace ${namespace}${nearest('namespace', namespace, names)}`);
  const which = selector === undefined ? '' : ` that ${selector} selects`;
  return new PodreachError(`namespace ${namespace} has no running pod${which}`, {
    hint: `${known ? '' : 'is the name right? '}see: kubectl -n ${namespace} get pods --show-labels`,
  });
};
