/** What is wrong with the destination itself, whatever policies say. */
import { hasLabels, type Labels } from '../model/index.ts';
import { portText } from '../scenario/index.ts';
import { type BackendFact, type Facts, isKnown, type Observed, type ServiceFact } from './facts.ts';
import type { Finding } from './finding.ts';

/** Null if nothing is. */
export const destinationFinding = (facts: Facts, observed: Observed): Finding | null => {
  const { target, asked } = facts;
  // Where it answers, nothing is wrong with it.
  const isOpen = isKnown(observed.path) && observed.path.value.verdict === 'allowed';
  if (target.kind === 'host' || isOpen) return null;
  const port = { number: asked.port, protocol: asked.protocol };
  if (target.kind === 'pod') {
    const isRunning = facts.pods.some(({ endpoint }) => endpoint === target.endpoint);
    if (!isRunning) return { kind: 'not-running', endpoint: target.endpoint, state: target.state };
    return notListening(facts, observed, target.endpoint, port);
  }
  const { service } = target;
  const name = `${service.namespace}/${service.name}`;
  if (!target.port)
    return { kind: 'no-such-port', service: name, port: portText(port), ports: service.ports.map(portText) };
  const listed = isKnown(target.backends) ? target.backends.value : null;
  if (listed?.length === 0 || (!listed && podsBehind(facts, service).length === 0)) {
    const selector = labelsText(service.selector);
    return { kind: 'no-backend', service: name, selector, nearest: nearestPod(facts, service) };
  }
  if (listed?.every(({ ready }) => !ready))
    return { kind: 'no-ready-backend', service: name, backends: listed.map(({ endpoint }) => endpoint) };
  return behindService(facts, observed, name, listed ?? []);
};

const behindService = (
  facts: Facts,
  observed: Observed,
  service: string,
  backends: readonly BackendFact[],
): Finding | null => {
  const { protocol } = facts.asked;
  for (const { endpoint, port, ready } of backends) {
    const found = ready ? notListening(facts, observed, endpoint, { number: port, protocol }) : null;
    if (found) return found;
  }
  const { path, direct, lookup } = observed;
  const isLooked = !lookup || (isKnown(lookup) && lookup.value.verdict === 'allowed');
  const [backend] = direct.keys();
  const isReached = direct.size > 0 && [...direct.values()].every(({ verdict }) => verdict === 'allowed');
  if (!isKnown(path) || !isLooked || !isReached || backend === undefined) return null;
  const { verdict } = path.value;
  if (verdict !== 'dropped' && verdict !== 'rejected') return null;
  return { kind: 'service-path', service, backend, observed: verdict };
};

type Port = Parameters<typeof portText>[0];

const notListening = (facts: Facts, { own }: Observed, endpoint: string, port: Port): Finding | null => {
  const seen = own.get(endpoint);
  if (!seen || !isKnown(seen)) return null;
  const { verdict } = seen.value;
  if (verdict !== 'dropped' && verdict !== 'rejected') return null;
  const declared = facts.pods.find((pod) => pod.endpoint === endpoint)?.ports ?? [];
  const service = serviceWith(facts, endpoint, port);
  return {
    ...{ kind: 'not-listening', endpoint, observed: verdict, service },
    port: portText(port),
    declared: declared.map(portText),
  };
};

/** A Service of the pod that has this port and leads to another. */
const serviceWith = ({ services, pods }: Facts, endpoint: string, { number, protocol }: Port) => {
  const pod = pods.find((one) => one.endpoint === endpoint);
  if (!pod || !isKnown(services)) return null;
  for (const { namespace, name, selector, ports } of services.value) {
    if (namespace !== pod.namespace || !hasLabels(pod.labels, selector)) continue;
    const port = ports.find((own) => own.number === number && own.protocol === protocol && own.target !== number);
    if (port) return { name: `${namespace}/${name}`, target: `${port.target}/${protocol}` };
  }
  return null;
};

const podsBehind = ({ pods }: Facts, { namespace, selector }: ServiceFact) =>
  pods.filter((pod) => pod.namespace === namespace && hasLabels(pod.labels, selector));

/** The pod of the Service's namespace that has the most of its labels, or else the same keys. */
const nearestPod = ({ pods }: Facts, { namespace, selector }: ServiceFact) => {
  const wanted = Object.entries(selector);
  const scored = pods
    .filter((pod) => pod.namespace === namespace)
    .map(({ endpoint, labels }) => ({
      endpoint,
      labels: labelsText(Object.fromEntries(Object.entries(labels).filter(([key]) => Object.hasOwn(selector, key)))),
      score: wanted.reduce(
        (sum, [key, value]) => sum + Number(Object.hasOwn(labels, key)) + Number(labels[key] === value),
        0,
      ),
    }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score);
  const [best] = scored;
  return best ? { endpoint: best.endpoint, labels: best.labels } : null;
};

const labelsText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
