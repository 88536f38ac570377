import { type AddressRange, isWhole, parseRange } from '../address.ts';
import { matchesPeer } from '../match.ts';
import type { BlockPeer } from '../policy.ts';
import { overlaps } from './cover.ts';
import { listText } from './text.ts';
import type { Check } from './warning.ts';

/**
 * An ipBlock over addresses of pods. "These should be cluster-external IPs, since Pod IPs are ephemeral and unpredictable"
 * (https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors).
 */
export const checkBlocks: Check = (policy, { pods }) => {
  const peers = [...(policy.ingress ?? []), ...(policy.egress ?? [])].flatMap((rule) => rule.peers ?? []);
  return peers.flatMap((peer) => {
    if (peer.kind !== 'block' || meansEverything(peer)) return [];
    // A pod on its node's network has the node's address, which is one to write down.
    const covered = pods.filter((pod) => !pod.hostNetwork && matchesPeer(peer, policy.namespace, pod) === 'yes');
    if (covered.length === 0) return [];
    const names = listText(covered.map(({ name }) => name));
    const message = `ipBlock ${peer.cidr.text} covers the address of ${names}: addresses of pods change; select pods by their labels, and leave their range out`;
    return [{ rule: 'ipblock-covers-pods', path: [...peer.path, 'ipBlock', 'cidr'], message }];
  });
};

/** Every address, whatever pods have; but who leaves a private range out means the internet. */
const meansEverything = ({ cidr, except }: BlockPeer): boolean =>
  isWhole(cidr) && !except.some((range) => PRIVATE.some((own) => overlaps(range, own)));

// RFC 1918, RFC 6598 and RFC 4193.
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']
  .map(parseRange)
  .filter((range): range is AddressRange => range !== null);
