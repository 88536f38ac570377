import { type ExistingObject, type ExistingPod, existingPod, isRunning } from '../attach/index.ts';
import { type Client, pathOf } from '../kube/index.ts';
import { selects } from '../model/index.ts';
import type { ReadPolicy } from '../scenario/index.ts';
import { isKnown, type Known } from './facts.ts';
import { looked } from './looking.ts';

const NAMESPACES_AT_MOST = 5;

/**
 * The policies of other namespaces whose labels are those of one of the ends, and that may be in the wrong namespace; and
 * the pods there, among which they may be right.
 */
export const misplacedPolicies = async (
  client: Client,
  elsewhere: Known<readonly ReadPolicy[]>,
  ends: readonly ExistingPod[],
  signal: AbortSignal,
): Promise<{ readonly policies: Known<readonly ReadPolicy[]>; readonly pods: readonly ExistingPod[] }> => {
  if (!isKnown(elsewhere)) return { policies: elsewhere, pods: [] };
  const fitting = elsewhere.value.filter(
    ({ spec: { pods } }) => pods.requirements.length > 0 && ends.some(({ labels }) => selects(pods, labels)),
  );
  const namespaces = [...new Set(fitting.map(({ namespace }) => namespace))].slice(0, NAMESPACES_AT_MOST);
  const lists = await Promise.all(
    namespaces.map(async (namespace) => {
      const read = () => client.list(pathOf('Pod', { namespace }), { signal });
      return { namespace, pods: await looked(`list pods in ${namespace}`, read, signal) };
    }),
  );
  const known = new Set(lists.flatMap(({ namespace, pods }) => (isKnown(pods) ? [namespace] : [])));
  const objects = lists.flatMap(({ pods }) => (isKnown(pods) ? pods.value : [])) as readonly ExistingObject[];
  return {
    policies: { value: fitting.filter(({ namespace }) => known.has(namespace)) },
    pods: objects.filter(isRunning).map((object) => existingPod(object, null)),
  };
};
