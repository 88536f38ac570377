import { randomInt } from 'node:crypto';
import { addressKey, type Family } from '../../scenario/index.ts';

/**
 * The ranges for documentation (RFC 5737), in which no machine has an address: whatever is sent before kube-proxy is
 * ready reaches nobody.
 */
const RANGES = ['192.0.2', '198.51.100', '203.0.113'] as const;
/** The one of IPv6 (RFC 3849). */
const RANGE_V6 = '2001:db8:0:';

const PER_RANGE = 254;
const COUNT = RANGES.length * PER_RANGE;

/** Begins anywhere, so that two processes that share a cluster seldom choose the same. */
let last = randomInt(COUNT);

const addressOf = (number: number, family: Family): string => {
  const range = RANGES[Math.floor(number / PER_RANGE)];
  return family === 'IPv4' ? `${range}.${(number % PER_RANGE) + 1}` : `${RANGE_V6}${number.toString(16)}::1`;
};

/**
 * An address of each of the families for a Service, which nobody has: not these, and no other of the last 700 Services.
 * Two with one address and port would take each other's connections.
 */
export const outsideAddresses = (families: readonly Family[], taken: ReadonlySet<string>): readonly string[] => {
  for (let attempt = 0; attempt < COUNT; attempt += 1) {
    last = (last + 1) % COUNT;
    const addresses = families.map((family) => addressOf(last, family));
    if (!addresses.some((address) => taken.has(addressKey(address)))) return addresses;
  }
  return [];
};
