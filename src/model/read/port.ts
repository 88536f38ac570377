import { kindOf, quoted } from '../../text.ts';
import type { PolicyPort } from '../policy.ts';
import { isPortName } from './name-syntax.ts';
import { at, type Spot } from './spot.ts';
import { type Mapping, readMapping, readWord, type Tell } from './value.ts';

/** Reads an item of a rule's `ports`; null if it is not valid, which is then reported. */
export const readPort = (value: unknown, spot: Spot, tell: Tell): PolicyPort | null => {
  const written = readMapping(value ?? {}, PORT_KEYS, spot, tell);
  if (!written) return null;
  const protocol = readWord(written.protocol ?? 'TCP', PROTOCOLS, 'protocol', at(spot, 'protocol'), tell);
  const target = readTarget(written, spot, tell);
  if (protocol === null || target === null) return null;
  const { path } = spot;
  return typeof target === 'string' ? { protocol, path, name: target } : { protocol, path, ...target };
};

export const PORT_KEYS = ['protocol', 'port', 'endPort'];
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
const LAST = 65_535;

type Target = string | { readonly first: number; readonly last: number };

const readTarget = ({ port = null, endPort = null }: Mapping, spot: Spot, tell: Tell): Target | null => {
  const wrongPort = whyNoPort(port);
  const wrongEnd = whyNoEnd(port, endPort);
  if (wrongPort !== null) tell(at(spot, 'port'), wrongPort);
  if (wrongEnd !== null) tell(at(spot, 'endPort'), wrongEnd);
  if (wrongPort !== null || wrongEnd !== null) return null;
  if (typeof port === 'string') return port;
  return port === null ? { first: 1, last: LAST } : { first: Number(port), last: Number(endPort ?? port) };
};

const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && 1 <= Number(value) && Number(value) <= LAST;

const whyNoPort = (port: unknown): string | null => {
  if (port === null || isPort(port)) return null;
  if (typeof port !== 'string') return `invalid port ${shown(port)}: 1 to ${LAST}, or a port's name`;
  if (isPortName(port)) return null;
  const form = /^[0-9]+$/.test(port)
    ? 'write a number without quotes'
    : 'a name has up to 15 lower case letters and digits, with at least one letter, and single "-" between them';
  return `invalid port ${shown(port)}: ${form}`;
};

/**
 * "endPort … cannot be defined if the port field is not defined or if the port field is defined as a named (string)
 * port."
 */
const whyNoEnd = (port: unknown, endPort: unknown): string | null => {
  if (endPort === null) return null;
  if (!isPort(endPort)) return `invalid endPort ${shown(endPort)}: a number from 1 to ${LAST}`;
  if (port === null) return `endPort ${endPort} has no port to start at`;
  if (typeof port === 'string') return `endPort ${endPort} needs a port number to start at, not a name`;
  return isPort(port) && endPort < port ? `endPort ${endPort} is below port ${port}` : null;
};

const shown = (value: unknown): string =>
  typeof value === 'number' ? `${value}` : typeof value === 'string' ? quoted(value) : kindOf(value);
