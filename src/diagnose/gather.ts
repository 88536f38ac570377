/** Reads everything about a connection that the cluster tells without a probe. Changes nothing. */
import {
  type ExistingObject,
  type ExistingPod,
  existingPod,
  familiesOf,
  isRunning,
  readClusterDns,
} from '../attach/index.ts';
import { PodreachError } from '../errors.ts';
import { type Client, describePod, isReady, pathOf } from '../kube/index.ts';
import { DEFAULT_DNS, DNS_NAMESPACE, endName, type Family, hasLabels } from '../model/index.ts';
import { familyOf, type Port, portText } from '../scenario/index.ts';
import { listed, nearest } from '../text.ts';
import { type Facts, isKnown, type Known, type ServiceFact, type Target } from './facts.ts';
import { readAllPolicies } from './gather-policies.ts';
import { looked } from './looking.ts';
import { misplacedPolicies } from './misplaced.ts';
import { type Destination, destinationName, type Question } from './question.ts';
import { backendsIn, serviceFact } from './services.ts';

/**
 * Throws a PodreachError for an end that does not exist, a source that does not run, and for pods that the user may not
 * list. What else can't be read is missing, with the reason.
 */
export const gather = async (client: Client, question: Question, signal: AbortSignal): Promise<Facts> => {
  const { from, to } = question;
  const namespaces = [...new Set([from.namespace, ...(to.kind === 'host' ? [] : [to.namespace])])];
  const [objects, services, policies, dns] = await Promise.all([
    Promise.all(namespaces.map((namespace) => podsOf(client, namespace, signal))),
    servicesOf(client, to, signal),
    readAllPolicies(client, namespaces, signal),
    namespaces.includes(DNS_NAMESPACE) ? null : readClusterDns(client, signal),
  ]);
  const all = objects.flat();
  const near = all.filter(isRunning).map((object) => existingPod(object, null));
  const source = sourceIn(all, near, from);
  const target = await targetOf(client, { question, all, services }, signal);
  const port = portOf(question, target, near);
  const ends = [source, ...podsAt(target, near)];
  const elsewhere = await misplacedPolicies(client, policies.elsewhere, ends, signal);
  const pods = [...near, ...elsewhere.pods];
  return {
    question,
    asked: { from: source.endpoint, to: destinationName(to), port: port.number, protocol: port.protocol },
    family: familyOfBoth(source, target, pods),
    ...{ source, target, pods, services: servicesKnown(services) },
    ...{ policies: policies.policies, elsewhere: elsewhere.policies },
    dns: dns === DEFAULT_DNS ? null : dns,
  };
};

const podsOf = async (client: Client, namespace: string, signal: AbortSignal): Promise<readonly ExistingObject[]> => {
  const path = pathOf('Pod', { namespace });
  const found = await looked(`list pods in ${namespace}`, () => client.list(path, { signal }), signal);
  if (isKnown(found)) return found.value as readonly ExistingObject[];
  throw new PodreachError(found.missing, {
    hint: 'docs/diagnose.md has a Role that grants what podreach diagnose needs',
  });
};

type Services = Known<readonly (ServiceFact | { readonly name: string; readonly without: 'selector' })[]>;

const servicesOf = (client: Client, to: Destination, signal: AbortSignal): Promise<Services> => {
  if (to.kind === 'host') return Promise.resolve({ value: [] });
  const { namespace } = to;
  const read = async () =>
    (await client.list(pathOf('Service', { namespace }), { signal })).map(
      (object) => serviceFact(object) ?? { name: object.metadata.name, without: 'selector' as const },
    );
  return looked(`list services in ${namespace}`, read, signal);
};

const servicesKnown = (services: Services): Known<readonly ServiceFact[]> =>
  isKnown(services) ? { value: services.value.filter((one) => 'selector' in one) } : services;

const sourceIn = (
  all: readonly ExistingObject[],
  pods: readonly ExistingPod[],
  { namespace, name }: Question['from'],
): ExistingPod => {
  const object = podIn(all, namespace, name);
  const source = pods.find((pod) => pod.namespace === namespace && pod.pod === name);
  if (source) return source;
  throw new PodreachError(`no connection can start from ${namespace}/${name}: ${describePod(object)}`);
};

const podIn = (all: readonly ExistingObject[], namespace: string, name: string): ExistingObject => {
  const own = all.filter(({ metadata }) => metadata.namespace === namespace);
  const found = own.find(({ metadata }) => metadata.name === name);
  if (found) return found;
  const names = own.map(({ metadata }) => metadata.name);
  throw new PodreachError(`there is no pod ${namespace}/${name}${nearest('pod', name, names)}`, {
    hint: names.length > 0 ? `${namespace} has ${listed(names)}` : `${namespace} has no pods, or does not exist`,
  });
};

interface Read {
  readonly question: Question;
  readonly all: readonly ExistingObject[];
  readonly services: Services;
}

const targetOf = async (client: Client, { question, all, services }: Read, signal: AbortSignal): Promise<Target> => {
  const { to } = question;
  if (to.kind === 'host') return { kind: 'host', endpoint: destinationName(to), address: to.address };
  if (to.kind === 'pod') {
    const pod = podIn(all, to.namespace, to.name);
    const ready = isReady(pod);
    return { kind: 'pod', endpoint: endName(to), ready, state: ready ? 'ready' : describePod(pod) };
  }
  const { namespace, name, way } = to;
  const service = serviceIn(services, namespace, name);
  const port = servicePort(question, service);
  const path = pathOf('EndpointSlice', { namespace });
  const labelSelector = `kubernetes.io/service-name=${name}`;
  const read = async () =>
    backendsIn(await client.list(path, { labelSelector, signal }), port ?? { ...NO_PORT, target: 0 });
  const backends = await looked(`list endpointslices.discovery.k8s.io in ${namespace}`, read, signal);
  return { kind: 'service', way, service, port, backends };
};

const NO_PORT = { number: 0, protocol: 'TCP', name: ' ' } as const;

const serviceIn = (services: Services, namespace: string, name: string): ServiceFact => {
  if (!isKnown(services)) {
    throw new PodreachError(services.missing, {
      hint: 'docs/diagnose.md has a Role that grants what podreach diagnose needs',
    });
  }
  const names = services.value.map((one) => one.name);
  const found = services.value.find((one) => one.name === name);
  if (!found) throw new PodreachError(`there is no Service ${namespace}/${name}${nearest('Service', name, names)}`);
  if ('selector' in found) return found;
  throw new PodreachError(
    `the Service ${namespace}/${name} has no selector, so it is not known which pods are behind it`,
    {
      hint: `name one of its addresses: kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name}`,
    },
  );
};

const servicePort = ({ port }: Question, { ports }: ServiceFact) =>
  ports.find((own) => ('name' in port ? own.name === port.name : portText(own) === portText(port))) ?? null;

/** The pods of the target, as policies select them. */
const podsAt = (target: Target, pods: readonly ExistingPod[]): readonly ExistingPod[] => {
  if (target.kind === 'host') return [];
  if (target.kind === 'pod') return pods.filter(({ endpoint }) => endpoint === target.endpoint);
  const { namespace, selector } = target.service;
  return pods.filter((pod) => pod.namespace === namespace && hasLabels(pod.labels, selector));
};

type PortNumber = Pick<Port, 'number' | 'protocol'>;

const portOf = ({ port }: Question, target: Target, pods: readonly ExistingPod[]): PortNumber => {
  if (!('name' in port)) return port;
  const declared =
    target.kind === 'service'
      ? target.service.ports
      : (pods.find(({ endpoint }) => target.kind === 'pod' && endpoint === target.endpoint)?.ports ?? []);
  const found = declared.find(({ name }) => name === port.name);
  if (found) return { number: found.number, protocol: found.protocol };
  const names = declared.flatMap(({ name }) => name ?? []);
  throw new PodreachError(`the destination has no port named ${port.name}${nearest('name', port.name, names)}`, {
    hint: declared.length > 0 ? `its ports are ${listed(declared.map(portText))}` : 'write its number',
  });
};

/** The first family in which the source could reach the target. */
const familyOfBoth = (source: ExistingPod, target: Target, pods: readonly ExistingPod[]): Family => {
  const own = familiesOf([source]);
  const addresses = addressesOf(target, pods);
  const family = own.find((one) => addresses.length === 0 || addresses.some((address) => familyOf(address) === one));
  if (family) return family;
  throw new PodreachError(`${source.endpoint} has no address of the destination's IP family`, {
    hint: `its addresses are ${listed(source.addresses)}, those of the destination ${listed(addresses)}`,
  });
};

const addressesOf = (target: Target, pods: readonly ExistingPod[]): readonly string[] => {
  switch (target.kind) {
    case 'host':
      return [target.address];
    case 'pod':
      return pods.find(({ endpoint }) => endpoint === target.endpoint)?.addresses ?? [];
    case 'service':
      return target.service.addresses;
  }
};
