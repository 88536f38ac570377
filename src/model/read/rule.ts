import { quoted } from '../../text.ts';
import type { Direction, Rule } from '../policy.ts';
import { PEER_KEYS, readPeer } from './peer.ts';
import { PORT_KEYS, readPort } from './port.ts';
import { at, type Spot } from './spot.ts';
import { type Belongs, readItems, readMapping, type Tell } from './value.ts';

/** Reads the rules of one direction; parts reported as wrong are left out of them. */
export const readRules = (value: unknown, direction: Direction, spot: Spot, tell: Tell): readonly Rule[] =>
  readItems(value, spot, tell, READ[direction]);

/** "If this field is empty or missing, this rule matches all": said of the peers and, in the same way, of the ports. */
const readRule = (value: unknown, { peersKey, belongs }: Words, spot: Spot, tell: Tell): Rule | null => {
  const rule = readMapping(value ?? {}, [peersKey, 'ports'], spot, tell, belongs);
  if (!rule) return null;
  const misplaced = Object.keys(rule).filter((key) => PEER_KEYS.includes(key));
  if (misplaced.length > 0) readPeer(Object.fromEntries(misplaced.map((key) => [key, rule[key]])), spot, tell);
  const peers = readItems(rule[peersKey], at(spot, peersKey), tell, readPeer);
  const ports = readItems(rule.ports, at(spot, 'ports'), tell, readPort);
  const read = { peers: peers.length > 0 ? peers : null, ports: ports.length > 0 ? ports : null, path: spot.path };
  const empty = [peersKey, 'ports'].filter((key) => isEmptyList(rule[key]));
  return empty.length > 0 ? { ...read, empty } : read;
};

/** Written, but with nothing in it: `from: []`, or `from:` alone. */
const isEmptyList = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);

interface Words {
  readonly peersKey: 'from' | 'to';
  readonly belongs: Belongs;
}

const words = (peersKey: Words['peersKey'], what: string): Words => ({
  peersKey,
  belongs: (key) => {
    if (key === 'from' || key === 'to') return `${what} rule has ${quoted(peersKey)}, not ${quoted(key)}`;
    if (PEER_KEYS.includes(key)) return `a peer belongs under ${peersKey}: write "${peersKey}: [{${key}: …}]"`;
    return PORT_KEYS.includes(key) ? `a port belongs under ports: write "ports: [{${key}: …}]"` : null;
  },
});

const INGRESS = words('from', 'an ingress');
const EGRESS = words('to', 'an egress');

const READ = {
  ingress: (value: unknown, spot: Spot, tell: Tell) => readRule(value, INGRESS, spot, tell),
  egress: (value: unknown, spot: Spot, tell: Tell) => readRule(value, EGRESS, spot, tell),
} as const;
