import { DNS_PORT } from '../cluster-dns.ts';
import { letsThrough } from '../decide.ts';
import { isPod, type PodEndpoint } from '../endpoint.ts';
import { coversPort } from '../match.ts';
import type { NetworkPolicy, PolicyPort, Rule } from '../policy.ts';
import { backendsOf } from '../route.ts';
import { portsOf, rulesIn } from '../rules.ts';
import type { Protocol } from '../world.ts';
import { listText } from './text.ts';
import type { Topology } from './topology.ts';
import type { Finding } from './warning.ts';

/**
 * Policies that let pods out to something, but to no DNS server. Skips pods that no rule lets out at all: they have
 * nothing to look up. Reports as few policies as possible, starting with the one that isolates most of the pods, such
 * as a default deny.
 */
export const findDnsCuts = ({ model, pods }: Topology): ReadonlyMap<NetworkPolicy, Finding> => {
  const servers = serversOf({ model, pods });
  /** With the port that the servers listen on. */
  const letting = (protocol: Protocol): ReadonlyMap<NetworkPolicy, number> =>
    new Map(
      model.policies.flatMap((policy) => {
        const [port] = rulesIn(policy, 'egress').flatMap((rule) => dnsPortIn(rule, policy, protocol, servers) ?? []);
        return port === undefined ? [] : [[policy, port]];
      }),
    );
  const udp = letting('UDP');
  const tcp = letting('TCP');
  const cut = new Map<NetworkPolicy, Set<PodEndpoint>>(model.policies.map((policy) => [policy, new Set()]));
  for (const pod of pods) {
    const policies = pod.hostNetwork ? [] : model.isolating(pod, 'egress');
    if (
      policies.every((policy) => rulesIn(policy, 'egress').length === 0) ||
      policies.some((policy) => udp.has(policy))
    )
      continue;
    const halfOpen = policies.filter((policy) => tcp.has(policy));
    for (const policy of halfOpen.length > 0 ? halfOpen : policies) cut.get(policy)?.add(pod);
  }
  const found = new Map<NetworkPolicy, Finding>();
  for (let most = largestOf(cut); most; most = largestOf(cut)) {
    const [policy, own] = most;
    found.set(
      policy,
      findingOf(
        [...own].map(({ name }) => name),
        tcp.get(policy) ?? null,
      ),
    );
    for (const [other, others] of cut) cut.set(other, new Set([...others].filter((pod) => !own.has(pod))));
  }
  return found;
};

const largestOf = <Key, Item>(sets: ReadonlyMap<Key, ReadonlySet<Item>>): [Key, ReadonlySet<Item>] | null =>
  [...sets].reduce<[Key, ReadonlySet<Item>] | null>(
    (most, one) => (one[1].size > (most?.[1].size ?? 0) ? one : most),
    null,
  );

/** A rule to paste. */
export const DNS_HINT =
  'egress rule for DNS: {to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}], ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}';

/** A pod that answers lookups, and its port: behind a Service, where policies act, that need not be 53. */
interface Server {
  readonly pod: PodEndpoint;
  readonly port: number;
}

const serversOf = ({ model, pods }: Pick<Topology, 'model' | 'pods'>): readonly Server[] => [
  ...[...model.dns.servers, ...pods.filter(({ ports }) => ports.some(({ number }) => number === DNS_PORT))].map(
    (pod) => ({ pod, port: DNS_PORT }),
  ),
  ...[...model.ways.values()].flatMap(({ service }) =>
    service.ports
      .filter(({ number }) => number === DNS_PORT)
      .flatMap((own) => backendsOf(model, service, own))
      .flatMap(([pod, port]) => (isPod(pod) ? [{ pod, port }] : [])),
  ),
];

/** The port of OpenShift's DNS pods (openshift/cluster-dns-operator, assets/dns/daemonset.yaml). */
const OPENSHIFT_DNS_PORT = 5353;

/**
 * The port at which a rule lets DNS out; null if it does not. A rule that names port 53, or just 5353, is meant for DNS,
 * whatever its peers; a rule for all ports must reach a DNS server.
 */
const dnsPortIn = (
  rule: Rule,
  policy: NetworkPolicy,
  protocol: Protocol,
  servers: readonly Server[],
): number | null => {
  const named = portsOf(rule).filter((port) => !isEveryNumber(port));
  const reached = servers.find(
    ({ pod, port }) =>
      named.some((written) => coversPort(written, { port, protocol }, pod)) ||
      // Egress rules don't look at the source.
      letsThrough(rule, policy, { from: pod, to: pod, port, protocol }, 'egress') !== 'no',
  );
  if (reached) return reached.port;
  return named.some((port) => port.protocol === protocol && isOnly(port, OPENSHIFT_DNS_PORT))
    ? OPENSHIFT_DNS_PORT
    : null;
};

const isEveryNumber = (port: PolicyPort): boolean => 'first' in port && port.first === 1 && port.last === 65_535;

const isOnly = (port: PolicyPort, number: number): boolean =>
  'first' in port && port.first === number && port.last === number;

/** With the port that is open over TCP only; null if none is open. */
const findingOf = (names: readonly string[], tcpPort: number | null): Finding => ({
  rule: 'dns-cut',
  path: ['spec', 'egress'],
  message:
    tcpPort === null
      ? `${listText(names)} may connect to something, but not to DNS, so names don't resolve there; allow 53/UDP and 53/TCP`
      : `${listText(names)} may query DNS only over TCP, but lookups use UDP; add ${tcpPort}/UDP (a port without protocol is TCP)`,
  ...((tcpPort === null || tcpPort === DNS_PORT) && { hint: DNS_HINT }),
});
