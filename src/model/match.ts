/** The conditions of a rule, each against one endpoint. Everything else in the model is built on these. */
import { type AddressRange, contains, isCovered, isWhole } from './address.ts';
import type { Endpoint } from './endpoint.ts';
import type { BlockPeer, Peer, PodPeer, PolicyPort } from './policy.ts';
import { selects } from './selector.ts';
import type { Protocol } from './world.ts';

/** `unknown` if it depends on an address that is not known, or on what the specification leaves undefined. */
export type Answer = 'yes' | 'no' | 'unknown';

/** Whether a port of a policy is this port of the destination. The destination's own ports resolve a name. */
export const coversPort = (
  policyPort: PolicyPort,
  { port, protocol }: { readonly port: number; readonly protocol: Protocol },
  { ports }: Pick<Endpoint, 'ports'>,
): boolean => {
  if (policyPort.protocol !== protocol) return false;
  if ('name' in policyPort)
    return ports.some((own) => own.name === policyPort.name && own.protocol === protocol && own.number === port);
  return policyPort.first <= port && port <= policyPort.last;
};

/** Whether a peer of a policy in the namespace matches this endpoint. */
export const matchesPeer = (peer: Peer, policyNamespace: string, endpoint: Endpoint): Answer =>
  peer.kind === 'pods' ? matchesPods(peer, policyNamespace, endpoint) : matchesBlock(peer, endpoint);

const matchesPods = (
  { pods, namespaces }: PodPeer,
  policyNamespace: string,
  { namespace, labels, hostNetwork }: Endpoint,
): Answer => {
  if (!namespace) return 'no';
  const inScope = namespaces ? selects(namespaces, namespace.labels) : namespace.name === policyNamespace;
  if (!inScope || !selects(pods, labels)) return 'no';
  // "NetworkPolicy behaviour for hostNetwork pods is undefined": some plugins ignore them when they match selectors.
  return hostNetwork ? 'unknown' : 'yes';
};

const matchesBlock = (block: BlockPeer, { addresses, families, never }: Endpoint): Answer => {
  const { cidr, except } = block;
  const answers = new Set(
    addresses
      ? addresses.map(
          (address): Answer =>
            contains(cidr, address) && !except.some((range) => contains(range, address)) ? 'yes' : 'no',
        )
      : families.map((family): Answer => (cidr.family === family ? matchesUnseen(block, never) : 'no')),
  );
  const [only] = answers;
  return answers.size === 1 && only ? only : 'unknown';
};

/**
 * What can be said about an unknown address. Only its family is known, and the ranges that can't contain it:
 * kube-apiserver's --service-cluster-ip-range "must not overlap with any IP ranges assigned to nodes or pods".
 */
const matchesUnseen = (block: BlockPeer, never: readonly AddressRange[]): Answer => {
  const known = unseen.get(block);
  if (known?.never === never) return known.answer;
  const answer = answerUnseen(block, never);
  unseen.set(block, { never, answer });
  return answer;
};

/** The last answer for each block: a world has one list of ranges, and a block may have thousands of exceptions. */
const unseen = new WeakMap<BlockPeer, { readonly never: readonly AddressRange[]; readonly answer: Answer }>();

const answerUnseen = ({ cidr, except }: BlockPeer, never: readonly AddressRange[]): Answer => {
  if (isCovered(cidr, [...except, ...never])) return 'no';
  return isWhole(cidr) && except.every((range) => isCovered(range, never)) ? 'yes' : 'unknown';
};
