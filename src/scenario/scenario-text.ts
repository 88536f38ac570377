import { isDeepStrictEqual } from 'node:util';
import type { Node as YamlNode } from 'yaml';
import { yaml } from '../yaml-library.ts';
import type { Host, Namespace, Node, Pod, Port, Scenario, Service, Topology } from './scenario.ts';
import { portText } from './topology.ts';

export interface ScenarioHead extends Partial<Pick<Scenario, 'name' | 'intent'>> {
  /** Set if there is no file of policies. */
  readonly policies?: readonly [];
  /** What stands under `expect`. */
  readonly expect?: unknown;
}

/** A scenario.yaml with this topology, whole. */
export const scenarioText = (
  { name, intent, policies, expect }: ScenarioHead,
  { namespaces, hosts, nodes, services }: Topology,
): string => {
  const written = {
    ...(name !== undefined && { name }),
    ...(intent !== undefined && { intent }),
    namespaces: named(namespaces, ({ name: own }) => own, namespaceText),
    ...(hosts.length > 0 && { hosts: named(hosts, ({ name: own }) => own, hostText) }),
    ...(nodes.length > 0 && { nodes: named(nodes, ({ name: own }) => own, nodeText) }),
    ...(services.length > 0 && { services: named(services, keyOf, serviceText) }),
    ...(policies && { policies }),
    ...(expect !== undefined && { expect }),
  };
  // As the reader of YAML 1.1 that manifests have: a label `y` is quoted.
  const { Document } = yaml();
  const document = new Document(written, { version: '1.1', aliasDuplicateObjects: false });
  for (const [key, depth] of Object.entries(LINES_TO)) inLinesTo(depth, document.get(key, true) as YamlNode);
  return document.toString({ lineWidth: 0, directives: false, flowCollectionPadding: false });
};

/** How deep each part is written in lines; what is deeper goes into brackets. */
const LINES_TO = { namespaces: 3, hosts: 1, nodes: 1, services: 1, expect: 2 } as const;

const inLinesTo = (depth: number, node: unknown): void => {
  const { isCollection, isMap } = yaml();
  if (!isCollection(node)) return;
  node.flow = depth <= 0 || node.items.length === 0;
  if (isMap(node)) for (const pair of node.items) inLinesTo(depth - 1, pair.value);
};

const named = <Item>(items: readonly Item[], nameOf: (item: Item) => string, textOf: (item: Item) => object): object =>
  Object.fromEntries(items.map((item) => [nameOf(item), textOf(item)]));

const keyOf = ({ namespace, name }: Pick<Service, 'namespace' | 'name'>): string => `${namespace}/${name}`;

const namespaceText = ({ labels, pods }: Namespace): object => ({
  ...notEmpty({ labels }),
  ...(pods.length > 0 && { pods: named(pods, ({ name }) => name, podText) }),
});

const podText = ({ labels, ports, addresses = [], hostNetwork, readiness }: Pod): object => ({
  ...notEmpty({ labels }),
  ...(ports.length > 0 && { ports: ports.map(portValue) }),
  ...addressText(addresses),
  ...(hostNetwork && { hostNetwork }),
  ...(readiness !== undefined && { readiness }),
});

const hostText = ({ addresses, ports }: Host): object => ({
  ...addressText(addresses),
  ...(ports.length > 0 && { ports: ports.map(portValue) }),
});

const nodeText = ({ runs: { pod, there }, ports }: Node): object => ({
  [there ? 'with' : 'without']: pod,
  ...(ports.length > 0 && { ports: ports.map(portValue) }),
});

const serviceText = ({ selector, ports, headless, nodePort, byName, stickySeconds, external }: Service): object => {
  const type = external === 'load-balancer' ? 'LoadBalancer' : 'NodePort';
  return {
    selector,
    ports: ports.map(({ name, number, protocol, target }) => ({
      ...(name !== undefined && { name }),
      port: number,
      ...(protocol !== 'TCP' && { protocol }),
      ...(target !== number && { targetPort: target }),
    })),
    ...(headless && { clusterIP: 'None' }),
    ...(nodePort !== null && { type }),
    ...(external === 'external-ip' && { external: true }),
    ...(nodePort === 'Local' && { externalTrafficPolicy: nodePort }),
    ...(stickySeconds !== undefined && { sessionAffinity: 'ClientIP' }),
    ...(byName && !headless && { dns: true }),
  };
};

const notEmpty = ({ labels }: Pick<Pod, 'labels'>): object => (Object.keys(labels).length > 0 ? { labels } : {});

const addressText = (addresses: readonly string[]): object => {
  const [first, ...others] = addresses;
  return first === undefined ? {} : { address: others.length > 0 ? addresses : first };
};

const portValue = (port: Port): number | string | object => {
  const { name, number, protocol } = port;
  if (name !== undefined) return { name, port: number, ...(protocol !== 'TCP' && { protocol }) };
  return protocol === 'TCP' ? number : portText(port);
};

/** The Services that a scenario.yaml can't say: other names of one, and those that only manifests make. */
export const unwritableServices = ({ services }: Topology): readonly Service[] =>
  services.filter(
    ({ aliasOf, nodePort, external }) => aliasOf !== undefined || (external === 'load-balancer' && nodePort === null),
  );

/** Whether two topologies are the same, whatever order their labels have. */
export const isSameTopology = (one: Topology, other: Topology): boolean => isDeepStrictEqual(one, other);
