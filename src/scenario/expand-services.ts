import { hasLabels } from '../model/index.ts';
import { createNearest, quoted } from '../text.ts';
import { type Tell, tellDuplicates } from './expand-ports.ts';
import type { External, Namespace, Pod, Port, Service, ServicePort } from './scenario.ts';
import type { WrittenServices } from './schema.ts';
import { STICKY_SECONDS } from './syntax.ts';
import { portText } from './topology.ts';

type Written = WrittenServices[string];
type Path = readonly PropertyKey[];

/**
 * The Services of a scenario that passed the schema. Reports anything that would leave one without a server: a missing
 * namespace or pod, a target port that no backend declares, a headless Service that translates.
 */
export const expandServices = (
  keys: readonly string[],
  written: WrittenServices,
  namespaces: readonly Namespace[],
  tell: Tell,
): readonly Service[] => {
  const byName = new Map(namespaces.map((one) => [one.name, one]));
  const nearest = createNearest();
  return keys.flatMap((key) => {
    const path = ['services', key];
    const [namespace = '', name = ''] = key.split('/');
    const found = byName.get(namespace);
    const service = written[key];
    if (!service) return [];
    if (!found) {
      const near = nearest('namespace', namespace, [...byName.keys()]);
      tell(path, `the scenario has no namespace ${quoted(namespace)}${near}`);
      return [];
    }
    const selector = service.selector ?? found.pods.find((pod) => pod.name === name)?.labels ?? {};
    if (Object.keys(selector).length === 0) {
      tell(path, `missing key "selector": there is no pod ${key} with labels to take it from`);
      return [];
    }
    const backends = found.pods.filter(({ labels }) => hasLabels(labels, selector));
    if (backends.length === 0) tell([...path, 'selector'], `selects no pod of ${namespace}`);
    const headless = service.clusterIP === 'None';
    const nodePort = opensNodePorts(service) ? (service.externalTrafficPolicy ?? 'Cluster') : null;
    const external = externalOf(service);
    tellContradictions(path, service, tell);
    const ports = expandPorts(path, service, backends, headless, tell);
    return [
      {
        ...{ namespace, name, selector, ports, headless, nodePort },
        byName: headless || (service.dns ?? false),
        ...(external && { external }),
        ...(service.sessionAffinity === 'ClientIP' && { stickySeconds: STICKY_SECONDS }),
      },
    ];
  });
};

const opensNodePorts = ({ type }: Written): boolean => type === 'NodePort' || type === 'LoadBalancer';

const externalOf = ({ type, external }: Written): External | null => {
  if (type === 'LoadBalancer') return 'load-balancer';
  return external ? 'external-ip' : null;
};

/** Reports keys of a Service that exclude each other. */
const tellContradictions = (path: Path, service: Written, tell: Tell): void => {
  const { clusterIP, type, externalTrafficPolicy, sessionAffinity } = service;
  const headless = clusterIP === 'None';
  if (headless && opensNodePorts(service)) tell([...path, 'type'], 'a headless Service has no port on the nodes');
  if (headless && service.external)
    tell([...path, 'external'], 'a headless Service has no addresses but those of its backends');
  if (headless && sessionAffinity === 'ClientIP')
    tell([...path, 'sessionAffinity'], 'a headless Service chooses no backend: its name has the addresses of all');
  if (type === 'LoadBalancer' && service.external === false)
    tell([...path, 'external'], 'a LoadBalancer always has an address outside the cluster');
  if (externalTrafficPolicy !== undefined && !opensNodePorts(service))
    tell(
      [...path, 'externalTrafficPolicy'],
      'only a Service of type NodePort or LoadBalancer has an externalTrafficPolicy',
    );
};

const expandPorts = (
  path: Path,
  written: Written,
  backends: readonly Pod[],
  headless: boolean,
  tell: Tell,
): readonly ServicePort[] => {
  const entries =
    written.ports?.map((port, at) => ({ port, at: [...path, 'ports', at] as Path })) ??
    (written.port === undefined ? [] : [{ port: { ...written, port: written.port, name: undefined }, at: path }]);
  const ports = entries.map(({ port: { port: number, protocol = 'TCP', targetPort: target = number, name }, at }) => {
    const port = { number, protocol, target, ...(name !== undefined && { name }) };
    for (const backend of backends)
      if (!hasTarget(backend, port))
        tell(at, `${backend.endpoint} has no port ${quoted(`${target}/${protocol}`)} to serve ${portText(port)}`);
    if (headless && target !== number)
      tell(at, 'a headless Service does not translate ports: its targetPort must be the number of its port');
    return port;
  });
  const pathOf = (at: number): Path => entries[at]?.at ?? path;
  tellDuplicates(ports, pathOf, tell);
  for (const [at, { name }] of ports.entries())
    if (ports.length > 1 && name === undefined) tell(pathOf(at), 'each of several ports needs a name');
  return ports;
};

const hasTarget = ({ ports }: { readonly ports: readonly Port[] }, { target, protocol }: ServicePort): boolean =>
  ports.some((own) => own.protocol === protocol && (typeof target === 'number' ? own.number : own.name) === target);
