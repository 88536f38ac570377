import { endName } from '../model/index.ts';
import { createNearest, quoted } from '../text.ts';
import type { SourceDocument } from './document.ts';
import { expandPorts, requireUnprivileged, type Tell } from './expand-ports.ts';
import { expandServices } from './expand-services.ts';
import type { Problem } from './problem.ts';
import type { Host, Namespace, Node, Pod, Topology } from './scenario.ts';
import type { WrittenScenario } from './schema.ts';
import { addressKey, familyOf } from './topology.ts';

type Written = Pick<WrittenScenario, 'namespaces' | 'hosts' | 'nodes' | 'services'>;

/** Kubernetes sets this label on every namespace, whatever the manifest says. */
const nameLabel = 'kubernetes.io/metadata.name';

/**
 * The topology of a scenario that passed the schema, in the order as written, with defaults filled in. Duplicate ports
 * and addresses, labels that Kubernetes would overwrite, and references to missing things go to `problems`.
 */
export const expandTopology = (
  document: SourceDocument,
  { namespaces: written = {}, hosts = {}, nodes = {}, services = {} }: Written,
  problems: Problem[],
): Topology => {
  const tell: Tell = (path, message) => problems.push(document.problemAt(path, message));
  const pinned = new Map<string, string>();

  const expandAddresses = (
    endpoint: string,
    path: readonly PropertyKey[],
    given: string | readonly string[],
  ): readonly string[] => {
    const addresses = typeof given === 'string' ? [given] : given;
    addresses.forEach((address, at) => {
      const place = typeof given === 'string' ? path : [...path, at];
      const first = pinned.get(addressKey(address));
      if (first !== undefined) tell(place, `duplicate address ${address}: ${first} has it too`);
      else pinned.set(addressKey(address), endpoint);
      if (addresses.slice(0, at).some((other) => familyOf(other) === familyOf(address)))
        tell(place, `a second ${familyOf(address)} address: there can be only one of each family`);
    });
    return addresses;
  };

  const expandPod = (namespace: string, name: string): Pod => {
    const pod = written[namespace]?.pods?.[name] ?? {};
    const path = ['namespaces', namespace, 'pods', name];
    const endpoint = endName({ kind: 'pod', namespace, name });
    const ports = expandPorts(path, pod, tell);
    const { address, labels = {}, hostNetwork = false, readiness } = pod;
    const addresses = address === undefined ? [] : expandAddresses(endpoint, [...path, 'address'], address);
    if (hostNetwork) {
      requireUnprivileged(path, ports, tell);
      if (address !== undefined) tell([...path, 'address'], 'a hostNetwork pod has the addresses of its node');
    }
    if (readiness !== undefined && !ports.some((port) => port.number === readiness && port.protocol === 'TCP'))
      tell([...path, 'readiness'], `${endpoint} has no port ${quoted(`${readiness}/TCP`)}`);
    return {
      endpoint,
      namespace,
      name,
      labels,
      ports,
      ...(addresses.length > 0 && { addresses }),
      ...(hostNetwork && { hostNetwork }),
      ...(readiness !== undefined && { readiness }),
    };
  };

  const expandNamespace = (name: string): Namespace => {
    const labels = written[name]?.labels ?? {};
    const said = labels[nameLabel];
    if (said !== undefined && said !== name)
      tell(['namespaces', name, 'labels', nameLabel], `Kubernetes sets ${nameLabel} to ${name}, not ${quoted(said)}`);
    const pods = document.keysAt(['namespaces', name, 'pods']).map((pod) => expandPod(name, pod));
    return { name, labels, pods };
  };

  const expandHost = (name: string): Host => {
    const { address = [], ...host } = hosts[name] ?? {};
    const path = ['hosts', name];
    const endpoint = endName({ kind: 'host', name });
    const addresses = expandAddresses(endpoint, [...path, 'address'], address);
    return { endpoint, name, addresses, ports: expandPorts(path, host, tell) };
  };

  const expanded = document.keysAt(['namespaces']).map(expandNamespace);
  const onNetwork = new Set(
    expanded.flatMap(({ pods }) => pods).flatMap((pod) => (pod.hostNetwork ? [] : pod.endpoint)),
  );
  const nearest = createNearest();

  const expandNode = (name: string): Node => {
    const path = ['nodes', name];
    const { with: beside, without: apart, ...node } = nodes[name] ?? {};
    const pod = beside ?? apart ?? '';
    if (!onNetwork.has(pod))
      tell(
        [...path, beside === undefined ? 'without' : 'with'],
        `${quoted(pod)} is not a pod with its own network${nearest('pod', pod, [...onNetwork])}`,
      );
    const ports = expandPorts(path, node, tell);
    requireUnprivileged(path, ports, tell);
    return { endpoint: endName({ kind: 'node', name }), name, runs: { pod, there: beside !== undefined }, ports };
  };

  return {
    namespaces: expanded,
    hosts: document.keysAt(['hosts']).map(expandHost),
    nodes: document.keysAt(['nodes']).map(expandNode),
    services: expandServices(document.keysAt(['services']), services, expanded, tell),
  };
};
