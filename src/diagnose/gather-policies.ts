import { type LivePolicies, livePolicy, missingRights, readLivePolicies, rightText } from '../attach/index.ts';
import { type Client, pathOf } from '../kube/index.ts';
import type { Facts, Known } from './facts.ts';
import { isKnown } from './facts.ts';
import { looked } from './looking.ts';

/**
 * The policies of the two namespaces, those of all others, and the labels of as many namespaces as the user may see. The version is of the
 * two namespaces alone: nothing else decides about the connection.
 */
export const readAllPolicies = async (
  client: Client,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<Pick<Facts, 'policies' | 'elsewhere'>> => {
  const [own, everywhere, labels] = await Promise.all([
    readLivePolicies(client, namespaces, signal),
    looked('list networkpolicies in all namespaces', () => client.list(pathOf('NetworkPolicy'), { signal }), signal),
    looked('list namespaces', () => client.list(pathOf('Namespace'), { signal }), signal),
  ]);
  const elsewhere = isKnown(everywhere)
    ? {
        value: everywhere.value
          .filter(({ metadata }) => !namespaces.includes(metadata.namespace ?? ''))
          .flatMap((object) => livePolicy(object) ?? []),
      }
    : everywhere;
  if (!own) return { policies: { missing: await reasonOf(client, namespaces, signal) }, elsewhere };
  const others = isKnown(labels) ? labels.value : [];
  const known = new Map(others.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));
  return { policies: { value: { ...own, labels: new Map([...known, ...own.labels]) } }, elsewhere };
};

const POLICIES = { verb: 'list', resource: 'networkpolicies', group: 'networking.k8s.io' } as const;
const NAMESPACE = { verb: 'get', resource: 'namespaces' } as const;

/** Why the policies of these namespaces could not be read. */
const reasonOf = async (client: Client, namespaces: readonly string[], signal: AbortSignal): Promise<string> => {
  const missing = await Promise.all(
    namespaces.map(async (namespace) => {
      const rights = await missingRights(client, namespace, [POLICIES, NAMESPACE], signal);
      return rights.map((right) => `${rightText(right)} ${right === NAMESPACE ? namespace : `in ${namespace}`}`);
    }),
  );
  const all = missing.flat();
  return all.length > 0
    ? `you are not allowed to ${all.join(', ')}`
    : 'one of the policies means something that podreach does not know';
};

/** Whether the policies of the two namespaces are still those that were read before. */
export const comparedPolicies = async (
  client: Client,
  before: Known<LivePolicies>,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<'unchanged' | 'changed' | 'unknown'> => {
  if (!isKnown(before)) return 'unknown';
  const after = await readLivePolicies(client, namespaces, signal);
  if (!after) return 'unknown';
  return after.version === before.value.version ? 'unchanged' : 'changed';
};
