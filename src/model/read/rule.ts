import type { Direction, Rule } from '../policy.ts';
import { readPeer } from './peer.ts';
import { readPort } from './port.ts';
import { at, type Spot } from './spot.ts';
import { readItems, readMapping, type Tell } from './value.ts';

/** Reads the rules of one direction; what is told to be wrong is left out of them. */
export const readRules = (value: unknown, direction: Direction, spot: Spot, tell: Tell): readonly Rule[] =>
  readItems(value, spot, tell, READ[direction]);

/** "If this field is empty or missing, this rule matches all": of the peers, and so of the ports. */
const readRule = (value: unknown, keys: readonly [string, string], spot: Spot, tell: Tell): Rule | null => {
  const rule = readMapping(value ?? {}, keys, spot, tell);
  if (!rule) return null;
  const [peersKey, portsKey] = keys;
  const peers = readItems(rule[peersKey], at(spot, peersKey), tell, readPeer);
  const ports = readItems(rule[portsKey], at(spot, portsKey), tell, readPort);
  const read = { peers: peers.length > 0 ? peers : null, ports: ports.length > 0 ? ports : null, path: spot.path };
  const empty = keys.filter((key) => isEmptyList(rule[key]));
  return empty.length > 0 ? { ...read, empty } : read;
};

/** Written, but with nothing in it: `from: []`, or `from:` alone. */
const isEmptyList = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);

const READ = {
  ingress: (value: unknown, spot: Spot, tell: Tell) => readRule(value, ['from', 'ports'], spot, tell),
  egress: (value: unknown, spot: Spot, tell: Tell) => readRule(value, ['to', 'ports'], spot, tell),
} as const;
