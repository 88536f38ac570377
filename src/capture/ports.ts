import { type NetworkPolicy, rulesOf } from '../model/index.ts';
import { type Port, type Protocol, portText } from '../scenario/index.ts';
import type { ClusterPod } from './cluster-state.ts';
import { portsOf } from './sight.ts';

/** An unprivileged server in its node's network can't use a port below. */
const PRIVILEGED = 1024;

type PortCut = (port: Port) => string;

/** Cuts numbers at the bounds of the rules: equal for ports that no rule tells apart by their numbers. */
const createPortCut = (policies: readonly NetworkPolicy[]): PortCut => {
  const written = policies.flatMap(rulesOf).flatMap(portsOf);
  const boundsOf = (protocol: Protocol): readonly number[] => [
    ...new Set(
      written.flatMap((port) => (port.protocol === protocol && 'first' in port ? [port.first, port.last + 1] : [])),
    ),
  ];
  const bounds = { TCP: boundsOf('TCP'), UDP: boundsOf('UDP'), SCTP: boundsOf('SCTP') };
  return ({ number, protocol }) => `${protocol} ${bounds[protocol].filter((bound) => bound <= number).length}`;
};

/** The ports that rules call by a name stand for themselves alone. */
export const createPortKey = (policies: readonly NetworkPolicy[]): ((port: Port, pod: ClusterPod) => string) => {
  const cut = createPortCut(policies);
  const names = new Set(
    policies
      .flatMap(rulesOf)
      .flatMap(portsOf)
      .flatMap((port) => ('name' in port ? [port.name] : [])),
  );
  return (port, { ports }) => {
    const isNamed = ports.some(
      ({ name, number, protocol }) =>
        name !== undefined && names.has(name) && number === port.number && protocol === port.protocol,
    );
    return isNamed ? portText(port) : cut(port);
  };
};

/**
 * The ports of a pod that stands for others: its own and, for each stretch of ports where it has none, the one that most
 * of the others have. Leaves out what no unprivileged server can serve.
 */
export const portsFor = (
  sample: ClusterPod,
  pods: readonly ClusterPod[],
  keyOf: (port: Port, pod: ClusterPod) => string,
): readonly Port[] => {
  const serveable = ({ number }: Port): boolean => !sample.hostNetwork || number >= PRIVILEGED;
  const own = [...new Map(sample.ports.filter(serveable).map((port) => [portText(port), port])).values()];
  const covered = new Set(own.map((port) => keyOf(port, sample)));
  const counts = new Map<string, { readonly port: Port; readonly key: string; count: number }>();
  for (const pod of pods)
    for (const port of pod.ports) {
      const key = keyOf(port, pod);
      if (covered.has(key) || !serveable(port)) continue;
      const known = counts.get(portText(port)) ?? { port, key, count: 0 };
      known.count += 1;
      counts.set(portText(port), known);
    }
  const byCount = [...counts.values()].toSorted((one, other) => other.count - one.count);
  const added = new Map<string, Port>();
  for (const { port, key } of byCount) if (!added.has(key)) added.set(key, withoutName(port));
  return withUniqueNames([...own, ...added.values()]);
};

/** Two containers of a pod may use one name, two ports of a scenario's pod may not. */
const withUniqueNames = (ports: readonly Port[]): readonly Port[] =>
  ports.map((port, at) => (ports.findIndex(({ name }) => name === port.name) < at ? withoutName(port) : port));

/** A name means something only beside the pod's other ports. */
const withoutName = ({ number, protocol }: Port): Port => ({ number, protocol });
