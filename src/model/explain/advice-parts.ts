/** The connections that a probe consists of: all of them must be open for it to be open. */
import { DEFAULT_DNS, DNS_LABELS, DNS_NAMESPACE } from '../cluster-dns.ts';
import type { Connection, Model } from '../decide.ts';
import { endName } from '../end.ts';
import { routesOf } from '../route.ts';
import { hasLabels } from '../selector.ts';
import type { Probe, World } from '../world.ts';
import type { ModelInput } from './advice-change.ts';

/** Each with its key: lookups of a name first, then one connection per backend of a Service. */
export type Parts = ReadonlyMap<string, Connection>;

export const partsOf = (model: Model, asked: Probe): Parts =>
  new Map(
    routesOf(model, asked)
      .flatMap(({ lookups = [], egress }) => [...lookups, ...egress.slice(0, 1)])
      .map((connection) => [keyOf(connection), connection]),
  );

const keyOf = ({ from, to, port, protocol }: Connection): string => `${from.name} > ${to.name} ${port}/${protocol}`;

export const probesOf = (parts: Parts): readonly Probe[] =>
  [...parts.values()].map(({ from, to, port, protocol }) => ({ from: from.name, to: to.name, port, protocol }));

/** A world with only the pods that matter to a probe: results there are the same, and quicker. */
export const around = ({ world, policies }: ModelInput, parts: Parts): ModelInput => {
  const names = new Set(probesOf(parts).flatMap(({ from, to }) => [from, to]));
  return {
    world: {
      ...world,
      pods: world.pods.filter(({ namespace, name }) => names.has(endName({ kind: 'pod', namespace, name }))),
    },
    policies,
  };
};

/**
 * The world with its DNS servers among the pods, so that a change made for a lookup shows its effect on them as well.
 */
export const withServers = ({ world, policies }: ModelInput): ModelInput => {
  const isWritten = world.pods.some(
    ({ namespace, labels = {} }) => namespace === DNS_NAMESPACE && hasLabels(labels, DNS_LABELS),
  );
  if (!world.dns && isWritten) return { world, policies };
  const { dns = DEFAULT_DNS } = world;
  const { namespace, pods } = dns;
  const known = new Set(world.pods.map((pod) => `${pod.namespace}/${pod.name}`));
  const added = pods.filter(({ name }) => !known.has(`${namespace.name}/${name}`));
  const isKnown = world.namespaces.some(({ name }) => name === namespace.name);
  const written: World = {
    ...world,
    dns,
    namespaces: isKnown ? world.namespaces : [...world.namespaces, namespace],
    pods: [...world.pods, ...added.map((pod) => ({ ...pod, namespace: namespace.name }))],
  };
  return { world: written, policies };
};
