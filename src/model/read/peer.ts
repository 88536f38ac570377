import { quoted } from '../../text.ts';
import { type AddressRange, isInside, parseRange } from '../address.ts';
import type { BlockPeer, Peer, Selector } from '../policy.ts';
import { readSelector } from './selector.ts';
import { at, type Spot } from './spot.ts';
import { belongsAt, readItems, readMapping, readText, type Tell } from './value.ts';

/** Reads an item of a rule's `from` or `to`; null if it is not valid, which is then reported. */
export const readPeer = (value: unknown, spot: Spot, tell: Tell): Peer | null => {
  const peer = readMapping(value ?? {}, PEER_KEYS, spot, tell, belongsInPeer);
  if (!peer) return null;
  const { podSelector = null, namespaceSelector = null, ipBlock = null } = peer;
  const pods = readSelectorAt(podSelector, at(spot, 'podSelector'), tell);
  const namespaces = readSelectorAt(namespaceSelector, at(spot, 'namespaceSelector'), tell);
  const block = ipBlock === null ? null : readBlock(ipBlock, at(spot, 'ipBlock'), tell);
  if (pods || namespaces) {
    const message = `ipBlock can't stand beside ${pods ? 'podSelector' : 'namespaceSelector'} in one peer`;
    if (ipBlock !== null) tell(at(spot, 'ipBlock'), message, 'key');
    return { kind: 'pods', pods: pods ?? everyPod(spot), namespaces, path: spot.path };
  }
  const isEmpty = Object.values(peer).every((written) => written === null || written === undefined);
  if (isEmpty) tell(spot, `the peer is empty: ${PEER_KEYS.join(', ')}`);
  return block && { kind: 'block', ...block, path: spot.path };
};

export const PEER_KEYS = ['podSelector', 'namespaceSelector', 'ipBlock'];
const BLOCK_KEYS = ['cidr', 'except'];

const HOMES: Readonly<Record<string, string>> = {
  ports: 'to the rule, beside its list of peers',
  matchLabels: 'under podSelector or namespaceSelector',
  matchExpressions: 'under podSelector or namespaceSelector',
  cidr: 'under ipBlock',
  except: 'under ipBlock',
};
const belongsInPeer = belongsAt(HOMES);

const readSelectorAt = (value: unknown, spot: Spot, tell: Tell): Selector | null =>
  value === null ? null : readSelector(value, spot, tell);

/** "Otherwise it selects all Pods in the Namespaces selected by NamespaceSelector." */
const everyPod = ({ path }: Spot): Selector => ({ requirements: [], path });

const readBlock = (value: unknown, spot: Spot, tell: Tell): Pick<BlockPeer, 'cidr' | 'except'> | null => {
  const block = readMapping(value, BLOCK_KEYS, spot, tell);
  if (!block) return null;
  const written = block.cidr ?? '';
  if (written === '') tell(spot, 'cidr is missing: such as 10.0.0.0/8 or fd00::/8');
  const cidr = written === '' ? null : readRange(written, 'cidr', at(spot, 'cidr'), tell);
  const except = readItems(block.except, at(spot, 'except'), tell, (item, itemSpot) => {
    const range = readRange(item ?? '', 'except', itemSpot, tell);
    if (cidr && range && !isInside(range, cidr))
      tell(
        itemSpot,
        `except ${range.text} is not ${isSame(range, cidr) ? 'smaller than' : 'inside'} cidr ${cidr.text}`,
      );
    return range;
  });
  return cidr && { cidr, except };
};

const isSame = (one: AddressRange, other: AddressRange): boolean =>
  one.family === other.family && one.first === other.first && one.last === other.last;

const readRange = (value: unknown, kind: 'cidr' | 'except', spot: Spot, tell: Tell): AddressRange | null => {
  const text = readText(value, spot, tell);
  if (text === null) return null;
  const range = parseRange(text);
  if (!range) tell(spot, `invalid ${kind} ${quoted(text)}: ${ADVICE.find(([form]) => form.test(text))?.[1]}`);
  return range;
};

/**
 * An API server before 1.36 accepts the second and the third, with a warning. Programs read them differently
 * (https://github.com/kubernetes/enhancements/issues/4858), so the model can't say how a network plugin treats them.
 */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^[0-9a-f]*[.:][0-9a-f.:]*$/i, 'the prefix length is missing, such as /32 or /128'],
  [/^::ffff:[0-9a-f.:]+\/[0-9]+$/i, 'write an IPv4 range in IPv4 notation'],
  [/(^|\.)0[0-9]+(\.|\/)|\/0[0-9]+$/, 'numbers have no leading zeros'],
  [/(?:)/, 'expected a range such as 10.0.0.0/8 or fd00::/8'],
];
