/** Why a peer of a rule matches an endpoint, or does not. */
import { contains, isCovered } from '../address.ts';
import { addressText } from '../address-text.ts';
import type { Endpoint } from '../endpoint.ts';
import { type Answer, matchesPeer } from '../match.ts';
import type { BlockPeer, Peer, PodPeer } from '../policy.ts';
import { type Unmet, unmetBy } from './why-labels.ts';

/** An address, compared with an ipBlock. */
export interface AddressFact {
  readonly address: string;
  readonly within: boolean;
  /** The exception that contains it, as written. */
  readonly except: string | null;
}

/**
 * The first condition that fails or can't be decided. `services`: no pod and no node has an address in the block, which
 * holds addresses of Services. `emptied`: its exceptions leave nothing of it. `outside`: no selector matches a host
 * outside the cluster. `namespace`: the peer matches only pods of the policy's own namespace. `family`: no address is
 * of the block's family.
 */
export type PeerReason =
  | { readonly kind: 'outside'; readonly endpoint: string }
  | { readonly kind: 'namespace'; readonly endpoint: string; readonly namespace: string }
  | { readonly kind: 'namespace-labels'; readonly namespace: string; readonly unmet: Unmet }
  | { readonly kind: 'pod-labels'; readonly endpoint: string; readonly unmet: Unmet }
  | { readonly kind: 'host-network'; readonly endpoint: string }
  | { readonly kind: 'family' | 'services' | 'emptied'; readonly endpoint: string }
  | { readonly kind: 'address-unknown'; readonly endpoint: string }
  | { readonly kind: 'addresses'; readonly endpoint: string; readonly addresses: readonly AddressFact[] };

export interface PeerAnswer {
  readonly peer: Peer;
  readonly answer: Answer;
  /** null if the answer is `yes`. */
  readonly reason: PeerReason | null;
}

export const whyPeer = (peer: Peer, policyNamespace: string, endpoint: Endpoint): PeerAnswer => {
  const answer = matchesPeer(peer, policyNamespace, endpoint);
  if (answer === 'yes') return { peer, answer, reason: null };
  const reason = peer.kind === 'pods' ? ofPods(peer, policyNamespace, endpoint) : ofBlock(peer, answer, endpoint);
  return { peer, answer, reason };
};

const ofPods = (peer: PodPeer, policyNamespace: string, { name, namespace, labels }: Endpoint): PeerReason => {
  if (!namespace) return { kind: 'outside', endpoint: name };
  if (!peer.namespaces && namespace.name !== policyNamespace)
    return { kind: 'namespace', endpoint: name, namespace: namespace.name };
  const [ofNamespace] = peer.namespaces ? unmetBy(peer.namespaces, namespace.labels) : [];
  if (ofNamespace) return { kind: 'namespace-labels', namespace: namespace.name, unmet: ofNamespace };
  const [ofPod] = unmetBy(peer.pods, labels);
  return ofPod ? { kind: 'pod-labels', endpoint: name, unmet: ofPod } : { kind: 'host-network', endpoint: name };
};

const ofBlock = ({ cidr, except }: BlockPeer, answer: Answer, { name, addresses, families }: Endpoint): PeerReason => {
  if (!families.includes(cidr.family)) return { kind: 'family', endpoint: name };
  if (!addresses && answer === 'no') return { kind: isCovered(cidr, except) ? 'emptied' : 'services', endpoint: name };
  if (!addresses) return { kind: 'address-unknown', endpoint: name };
  const facts = addresses.map((address): AddressFact => {
    const range = except.find((candidate) => contains(candidate, address));
    return { address: addressText(address), within: contains(cidr, address), except: range?.text ?? null };
  });
  return { kind: 'addresses', endpoint: name, addresses: facts };
};
