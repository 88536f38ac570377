import { type AddressRange, isCovered, isWhole, parseAddress, parseRange } from '../address.ts';
import { addressText } from '../address-text.ts';
import { DNS_PORT } from '../cluster-dns.ts';
import { matchesPeer } from '../match.ts';
import type { BlockPeer, NetworkPolicy, Rule } from '../policy.ts';
import { DIRECTIONS, peersOf, rulesIn } from '../rules.ts';
import { overlaps } from './cover.ts';
import { DNS_HINT } from './dns.ts';
import { listText } from './text.ts';
import type { Topology } from './topology.ts';
import type { Check, Finding } from './warning.ts';

/** Suspicious ipBlocks, each taken by itself. */
export const checkBlocks: Check = (policy, topology) => {
  const { serviceRanges } = topology;
  return DIRECTIONS.flatMap((direction) =>
    rulesIn(policy, direction).flatMap((rule) =>
      peersOf(rule)
        .filter((peer) => peer.kind === 'block')
        .flatMap((peer) => [
          ...hostBitsIn(peer),
          ...(holdsNothing(peer, rule, serviceRanges) ?? coveredPods(peer, policy, topology)),
        ]),
    ),
  );
};

/**
 * "These should be cluster-external IPs, since Pod IPs are ephemeral and unpredictable"
 * (https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors).
 */
const coveredPods = (peer: BlockPeer, policy: NetworkPolicy, { pods }: Topology): readonly Finding[] => {
  if (meansEverything(peer)) return [];
  // A pod in its node's network has the node's address, which is stable enough to write down.
  const covered = pods.filter((pod) => !pod.hostNetwork && matchesPeer(peer, policy.namespace, pod) === 'yes');
  if (covered.length === 0) return [];
  const names = listText(covered.map(({ name }) => name));
  const message = `ipBlock ${peer.cidr.text} covers the address of ${names}: addresses of pods change; select pods by their labels, and leave their range out`;
  return [{ rule: 'ipblock-covers-pods', path: [...peer.path, 'ipBlock', 'cidr'], message }];
};

/** Every address, whatever the pods have. But leaving out a private range means that the internet was intended. */
const meansEverything = ({ cidr, except }: BlockPeer): boolean =>
  isWhole(cidr) && !except.some((range) => PRIVATE.some((own) => overlaps(range, own)));

// RFC 1918, RFC 6598 and RFC 4193.
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']
  .map(parseRange)
  .filter((range): range is AddressRange => range !== null);

/** A block in which nobody can have an address; null for any other block. */
const holdsNothing = (
  { cidr, except, path }: BlockPeer,
  { ports }: Rule,
  services: readonly AddressRange[],
): readonly Finding[] | null => {
  if (!isCovered(cidr, [...except, ...services])) return null;
  const at = { rule: 'ipblock-matches-nothing', path: [...path, 'ipBlock', 'cidr'] };
  if (isCovered(cidr, except))
    return [{ ...at, message: `ipBlock ${cidr.text} matches nothing: its exceptions leave no address` }];
  const isForDns = ports?.some((port) => 'first' in port && port.first === DNS_PORT && port.last === DNS_PORT) ?? false;
  const message = `ipBlock ${cidr.text} matches nothing: it lies in the range of Services, and policies act on the pods behind a Service; select those by their labels`;
  return [{ ...at, message, ...(isForDns && { hint: DNS_HINT }) }];
};

/** Network plugins read them differently, so the API server warns about them too (kubernetes/kubernetes#94484). */
const hostBitsIn = ({ cidr, except, path }: BlockPeer): readonly Finding[] =>
  [
    { range: cidr, at: [...path, 'ipBlock', 'cidr'] },
    ...except.map((range, index) => ({ range, at: [...path, 'ipBlock', 'except', index] })),
  ].flatMap(({ range, at }) => {
    const [base = ''] = range.text.split('/');
    const first = addressText({ family: range.family, value: range.first });
    const last = addressText({ family: range.family, value: range.last });
    if (parseAddress(base)?.value === range.first) return [];
    const message = `${range.text} has bits set after its prefix: it means ${first}/${range.prefixLength}, from ${first} to ${last}; write that, or ${base}/${range.family === 'IPv4' ? 32 : 128} for the one address`;
    return [{ rule: 'cidr-host-bits', path: at, message }];
  });
