import type { SourceDocument } from './document.ts';
import { expandPort } from './port.ts';
import type { Problem } from './problem.ts';
import type { Namespace, Pod, Port, Topology } from './scenario.ts';
import type { WrittenNamespaces } from './schema.ts';
import { portText } from './topology.ts';
import { quoted } from './wording.ts';

type Written = WrittenNamespaces[string];
type WrittenPod = NonNullable<Written['pods']>[string];
type Tell = (path: readonly PropertyKey[], message: string) => void;

/** Kubernetes itself puts this label on every namespace, whatever the manifest says. */
const nameLabel = 'kubernetes.io/metadata.name';

const expandPorts = (path: readonly PropertyKey[], written: WrittenPod, tell: Tell): readonly Port[] => {
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
 * Duplicate ports and labels that Kubernetes would overwrite go to `problems`.
 */
export const expandTopology = (document: SourceDocument, written: WrittenNamespaces, problems: Problem[]): Topology => {
  const tell: Tell = (path, message) => problems.push(document.problemAt(path, message));

  const expandPod = (namespace: string, name: string): Pod => {
    const pod = written[namespace]?.pods?.[name] ?? {};
    const ports = expandPorts(['namespaces', namespace, 'pods', name], pod, tell);
    return { endpoint: `${namespace}/${name}`, namespace, name, labels: pod.labels ?? {}, ports };
  };

  const expandNamespace = (name: string): Namespace => {
    const labels = written[name]?.labels ?? {};
    const said = labels[nameLabel];
    if (said !== undefined && said !== name)
      tell(['namespaces', name, 'labels', nameLabel], `Kubernetes sets ${nameLabel} to ${name}, not ${quoted(said)}`);
    const pods = document.keysAt(['namespaces', name, 'pods']).map((pod) => expandPod(name, pod));
    return { name, labels, pods };
  };

  return { namespaces: document.keysAt(['namespaces']).map(expandNamespace) };
};
