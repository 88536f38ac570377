/**
 * A second opinion on what policies do to connections that go to a Service, sentence by sentence as in decide.ts:
 * [SVC] https://kubernetes.io/docs/concepts/services-networking/service/,
 * [SA] https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/,
 * [SRC] https://kubernetes.io/docs/tutorials/services/source-ip/,
 * [DNS] https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/,
 * [KUBEADM] https://github.com/kubernetes/kubernetes/blob/master/cmd/kubeadm/app/phases/addons/dns/manifests.go.
 */
import type { Probe, World, WorldPod, WorldService } from '../../src/model/world.ts';
import { applies, decideNaively, decideSide, meet, type Verdict, verdictsOf as verdictsBetween } from './decide.ts';
import { type End, endsOf, NODE, neverOf } from './ends.ts';
import { pluginsFor } from './flow.ts';
import type { RawPolicy } from './manifest.ts';

/** What is sure of any probe: of one to a Service only what holds for each backend, and each way there. */
export const decideAnyNaively = (manifests: readonly RawPolicy[], world: World, probe: Probe): Verdict => {
  // [NP] "traffic to and from the node where a Pod is running is always allowed": the kubelet asks from there.
  if (probe.from === 'kubelet') return 'allow';
  const [way = '', name = ''] = probe.to.split(':');
  if (!['svc', 'dns', 'nodeport', 'external'].includes(way)) return decideNaively(manifests, world, probe);
  const service = world.services?.find((one) => `${one.namespace}/${one.name}` === name);
  if (!service) throw new RangeError(`there is no Service ${name} in this world`);
  const verdicts = new Set<Verdict>();
  for (const [backend, port] of backendsOf(world, service, probe))
    for (const verdict of verdictsOf(manifests, world, service, way, { ...probe, to: backend, port }, probe.port))
      verdicts.add(verdict);
  // Nobody is there to answer.
  if (verdicts.size === 0) return 'deny';
  const [only = 'unknown', ...others] = verdicts;
  const there = others.length > 0 ? 'unknown' : only;
  return way === 'dns' ? meet(looksUp(manifests, world, probe.from), there) : there;
};

const backendsOf = (
  { pods }: World,
  { namespace, podsIn, selector, ports }: WorldService,
  probe: Probe,
): readonly (readonly [string, number])[] => {
  const port = ports.find((one) => one.number === probe.port && one.protocol === probe.protocol);
  if (!port) throw new RangeError(`that Service has no port ${probe.port}/${probe.protocol}`);
  // [SVC] "The set of Pods targeted by a Service is usually determined by a selector that you define." Those are of its
  // own namespace, with all of these labels. [SVC] of an ExternalName: "the cluster DNS Service returns a CNAME record",
  // and so the pods of the Service that has the other name.
  const targeted = pods.filter(
    (pod) =>
      pod.namespace === (podsIn ?? namespace) &&
      Object.entries(selector).every(([key, value]) => new Map(Object.entries(pod.labels ?? {})).get(key) === value),
  );
  // [SA] targetPort: "Number or name of the port to access on the pods targeted by the service. … If this is a string, it
  // will be looked up as a named port in the target Pod's container ports."
  const numberIn = ({ ports: own = [] }: WorldPod): number | undefined =>
    typeof port.target === 'number'
      ? port.target
      : own.find((one) => one.name === port.target && one.protocol === port.protocol)?.number;
  return targeted.flatMap((pod) => {
    const number = numberIn(pod);
    return number === undefined ? [] : [[`${pod.namespace}/${pod.name}`, number] as const];
  });
};

/** What may become of a connection to one of the backends. */
const verdictsOf = (
  manifests: readonly RawPolicy[],
  world: World,
  { headless, externalTrafficPolicy }: WorldService,
  way: string,
  probe: Probe,
  asked: number,
): readonly Verdict[] => {
  const itself = probe.from === probe.to;
  // [SVC] of a headless Service: "A or AAAA records … that point directly to the Pods backing the Service", and [NP] "a pod cannot block access
  // to itself".
  if (itself && headless) return ['allow'];
  // [SRC] "setting service.spec.externalTrafficPolicy to the value Local only proxies proxy requests to local endpoints, and
  // does not forward traffic to other nodes. This approach preserves the original source IP address": of who comes from
  // outside.
  const keepsAddress = externalTrafficPolicy === 'Local' && probe.from.startsWith('host:');
  // [SVC] of externalIPs and load balancers, clients use the Service's own port; of node ports, one of the nodes'.
  const ports = way === 'external' ? [asked] : way === 'nodeport' && !keepsAddress ? [30_000, 32_767] : [];
  if (!itself && ports.length === 0) return [decideNaively(manifests, world, probe)];
  const verdicts = onTheWay(manifests, world, probe, ports);
  // What a pod sends to itself by a node comes from itself or from a node, its own perhaps: both are let in always.
  return itself ? verdicts.map((verdict) => (verdict === 'deny' ? 'unknown' : verdict)) : verdicts;
};

/**
 * [NP] Where addresses are rewritten "it is not defined whether this happens before or after NetworkPolicy processing, and the
 * behavior may be different for different combinations of network plugin, cloud provider, Service implementation, etc.":
 * each end may look like a node to the other's policies. [SVC] Node ports are "a port from a range … (default:
 * 30000-32767)", of which the ends stand for all. Of an address outside no more is known than of a node's.
 */
const onTheWay = (
  manifests: readonly RawPolicy[],
  world: World,
  probe: Probe,
  ports: readonly number[],
): readonly Verdict[] => {
  const verdicts: Verdict[] = [];
  for (const source of endsOf(world, probe.from))
    for (const target of endsOf(world, probe.to))
      for (const plugin of pluginsFor(source, target)) {
        const side = (from: End, to: End, direction: 'ingress' | 'egress', port = probe.port): Verdict =>
          decideSide(manifests, { source: from, target: to, plugin, probe: { ...probe, port } }, direction);
        const out = [side(source, target, 'egress')];
        const into = [side(source, target, 'ingress')];
        for (const port of ports) out.push(side(source, nodeLike(target), 'egress', port));
        if (ports.length > 0) into.push(side(nodeLike(source), target, 'ingress'));
        for (const egress of out) for (const ingress of into) verdicts.push(meet(egress, ingress));
        // That may be the node that the other runs on.
        if (plugin === 'sees nodes') verdicts.push('allow');
      }
  return verdicts;
};

const nodeLike = ({ family, never }: End): End => ({ ...NODE, address: null, family, never });

const DNS_LABEL = 'k8s-app';

/**
 * [DNS] the cluster's DNS pods are `--namespace=kube-system -l k8s-app=kube-dns`, and are asked over 53/UDP. Those of the
 * world are meant if it has some; [KUBEADM] else one whose ports are named dns, dns-tcp and metrics, and whose namespace
 * has the label that Kubernetes sets and no other.
 */
const dnsWorldOf = ({ dns, ...world }: World): { readonly world: World; readonly servers: readonly string[] } => {
  const written = world.pods.filter(
    ({ namespace, labels = {} }) =>
      namespace === 'kube-system' && new Map(Object.entries(labels)).get(DNS_LABEL) === 'kube-dns',
  );
  if (!dns && written.length > 0) return { world, servers: written.map(({ name }) => `kube-system/${name}`) };
  const coredns = {
    name: 'coredns',
    labels: { [DNS_LABEL]: 'kube-dns' },
    ports: [
      { name: 'dns', number: 53, protocol: 'UDP' },
      { name: 'dns-tcp', number: 53, protocol: 'TCP' },
      { name: 'metrics', number: 9153, protocol: 'TCP' },
    ],
  } as const;
  const { namespace, pods } = dns ?? { namespace: { name: 'kube-system' }, pods: [coredns] };
  // In a world of their own, so that they are no others than those.
  const own = { ...world, namespaces: [namespace], pods: pods.map((pod) => ({ ...pod, namespace: namespace.name })) };
  return {
    world: { ...own, serviceRanges: neverOf({ dns, ...world } as World) },
    servers: pods.map(({ name }) => `${namespace.name}/${name}`),
  };
};

const looksUp = (manifests: readonly RawPolicy[], world: World, from: string): Verdict => {
  const { world: dnsWorld, servers } = dnsWorldOf(world);
  const verdicts = new Set<Verdict>();
  for (const source of endsOf(world, from)) {
    // Nobody knows whom it would ask.
    if (servers.length === 0) {
      const isolated = manifests.some((policy) => applies(policy, source, 'egress', 'sees pods'));
      verdicts.add(isolated ? 'unknown' : 'allow');
    }
    for (const server of servers)
      for (const target of targetsOf(world, endsOf(dnsWorld, server), from))
        for (const plugin of pluginsFor(source, target)) {
          const probe = { from, to: server, port: 53, protocol: 'UDP' } as const;
          // [NP] "a pod cannot block access to itself", though it may look like a node.
          for (const verdict of verdictsBetween(manifests, { source, target, plugin, probe }))
            verdicts.add(server === from && verdict === 'deny' ? 'unknown' : verdict);
        }
  }
  const [only = 'unknown', ...others] = verdicts;
  return others.length > 0 ? 'unknown' : only;
};

/** A server without an address is asked by one of the families that lookups use: the source's, where nobody says which. */
const targetsOf = (world: World, targets: readonly End[], from: string): readonly End[] => {
  const families = world.dns?.families ?? endsOf(world, from).map(({ family }) => family);
  const [target] = targets;
  return target && target.address === null ? families.map((family) => ({ ...target, family })) : targets;
};
