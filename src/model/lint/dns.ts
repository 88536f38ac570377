import { DNS_PORT } from '../cluster-dns.ts';
import { letsThrough } from '../decide.ts';
import type { PodEndpoint } from '../endpoint.ts';
import { coversPort } from '../match.ts';
import type { NetworkPolicy, PolicyPort, Rule } from '../policy.ts';
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
  const servers = [
    ...model.dns.servers,
    ...pods.filter(({ ports }) => ports.some(({ number }) => number === DNS_PORT)),
  ];
  const letting = (protocol: Protocol): ReadonlySet<NetworkPolicy> =>
    new Set(
      model.policies.filter((policy) =>
        rulesIn(policy, 'egress').some((rule) => letsDnsOut(rule, policy, protocol, servers)),
      ),
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
        tcp.has(policy),
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

/** A rule that names port 53 is meant for DNS, whatever its peers; a rule for all ports must reach a DNS server. */
const letsDnsOut = (
  rule: Rule,
  policy: NetworkPolicy,
  protocol: Protocol,
  servers: readonly PodEndpoint[],
): boolean => {
  const wanted = { port: DNS_PORT, protocol };
  const named = portsOf(rule).filter((port) => !isEveryNumber(port));
  if (named.some((port) => servers.some((server) => coversPort(port, wanted, server)))) return true;
  // Egress rules don't look at the source.
  return servers.some((to) => letsThrough(rule, policy, { from: to, to, ...wanted }, 'egress') !== 'no');
};

const isEveryNumber = (port: PolicyPort): boolean => 'first' in port && port.first === 1 && port.last === 65_535;

const findingOf = (names: readonly string[], isTcpOpen: boolean): Finding => ({
  rule: 'dns-cut',
  path: ['spec', 'egress'],
  message: isTcpOpen
    ? `${listText(names)} may query DNS only over TCP, but lookups use UDP; add 53/UDP (a port without protocol is TCP)`
    : `${listText(names)} may connect to something, but not to DNS, so names don't resolve there; allow 53/UDP and 53/TCP`,
  hint: DNS_HINT,
});
