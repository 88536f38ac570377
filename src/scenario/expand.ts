import { quoted } from '../wording.ts';
import type { SourceDocument } from './document.ts';
import { expandPort } from './port.ts';
import type { Problem } from './problem.ts';
import type { Host, Namespace, Pod, Port, Topology } from './scenario.ts';
import type { WrittenHosts, WrittenNamespaces } from './schema.ts';
import { addressKey, portText } from './topology.ts';

type Written = WrittenNamespaces[string];
type WrittenPod = NonNullable<Written['pods']>[string];
type Tell = (path: readonly PropertyKey[], message: string) => void;

/** Kubernetes itself puts this label on every namespace, whatever the manifest says. */
const nameLabel = 'kubernetes.io/metadata.name';

const expandPorts = (path: readonly PropertyKey[], written: Pick<WrittenPod, 'ports'>, tell: Tell): readonly Port[] => {
  const ports = (written.ports ?? []).map(expandPort);
  ports.forEach((port, at) => {
    const before = ports.slice(0, at);
    if (before.some((other) => portText(other) === portText(port)))
      tell([...path, 'ports', at], `duplicate port ${portText(port)}`);
    if (port.name !== undefined && before.some(({ name }) => name === port.name))
      tell([...path, 'ports', at, 'name'], `duplicate port name ${quoted(port.name)}`);
  });
  return ports;
};

/**
 * The topology of a scenario that its schema has checked: defaults filled in, in the order in which it is written.
 * Duplicate ports and addresses, and labels that Kubernetes would overwrite, go to `problems`.
 */
export const expandTopology = (
  document: SourceDocument,
  written: WrittenNamespaces,
  hosts: WrittenHosts,
  problems: Problem[],
): Topology => {
  const tell: Tell = (path, message) => problems.push(document.problemAt(path, message));
  const pinned = new Map<string, string>();

  const expandAddress = (endpoint: string, path: readonly PropertyKey[], address: string): void => {
    const key = addressKey(address);
    const first = pinned.get(key);
    if (first !== undefined) tell(path, `duplicate address ${address}: ${first} has it too`);
    else pinned.set(key, endpoint);
  };

  const expandPod = (namespace: string, name: string): Pod => {
    const pod = written[namespace]?.pods?.[name] ?? {};
    const path = ['namespaces', namespace, 'pods', name];
    const endpoint = `${namespace}/${name}`;
    const ports = expandPorts(path, pod, tell);
    const { address, labels = {} } = pod;
    if (address !== undefined) expandAddress(endpoint, [...path, 'address'], address);
    return { endpoint, namespace, name, labels, ports, ...(address !== undefined && { address }) };
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
    const { address = '', ...host } = hosts[name] ?? {};
    const path = ['hosts', name];
    expandAddress(`host:${name}`, [...path, 'address'], address);
    return { endpoint: `host:${name}`, name, address, ports: expandPorts(path, host, tell) };
  };

  return {
    namespaces: document.keysAt(['namespaces']).map(expandNamespace),
    hosts: document.keysAt(['hosts']).map(expandHost),
  };
};
