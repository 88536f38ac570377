/** The single values of scenario.yaml, each with the Kubernetes rule that it follows. */
import ipaddr from 'ipaddr.js';
import * as z from 'zod';
import { parseAddress } from '../model/index.ts';
import { kindOf, nearest, quoted } from '../text.ts';
import {
  DNS_LABEL,
  LABEL_KEY,
  LABEL_VALUE,
  longDnsLabel,
  noDnsLabel,
  PORT_NAME,
  PROTOCOLS,
  RESERVED,
} from './syntax.ts';

/**
 * A mapping with known keys. Reports each unknown key on its own line, with the nearest valid key, in the order of the
 * issue.
 */
export const mapping = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `unknown key ${quoted(key)}${nearest('key', key, Object.keys(shape))}`).join('\n')
        : undefined,
  });

/** A value or a list of such values. */
export const oneOrMore = <Item extends z.ZodType>(item: Item, what: string) =>
  z.union([item, z.array(item).min(1, { error: () => `expected at least one ${what}` })], {
    error: ({ input }) => `expected one ${what} or a list of them, got ${kindOf(input)}`,
  });

export const filePattern = z.string().min(1, { error: () => 'expected a file pattern, got an empty one' });

/** A DNS label of RFC 1123, which Kubernetes requires for namespace names: at most 63 characters, or fewer if given. */
export const dnsLabel = (what: string, longest = 63) =>
  z
    .string()
    .regex(DNS_LABEL, { abort: true, error: ({ input }) => noDnsLabel(what, input) })
    .max(longest, { error: ({ input }) => longDnsLabel(what, input, longest) });

export const labelKey = z
  .string()
  .regex(LABEL_KEY, {
    abort: true,
    error: ({ input }) =>
      `invalid label key ${quoted(input)}: [prefix/]name, the name at most 63 letters, digits, "-", "_" and "."`,
  })
  .refine((key) => !key.startsWith(RESERVED), {
    error: ({ input }) => `invalid label key ${quoted(input)}: podreach/ is reserved for podreach's own labels`,
  });

export const labelValue = z.string().regex(LABEL_VALUE, {
  error: ({ input }) =>
    `invalid label value ${quoted(input)}: at most 63 letters, digits, "-", "_" and ".", a letter or digit at both ends`,
});

export const labels = z.record(labelKey, labelValue);

/** One line of text for people: it is printed in reports, so it has no control characters. */
export const line = (what: string) =>
  z.string().regex(/^(?=.*\S)[^\p{Cc}]{1,200}$/u, {
    error: ({ input }) => `invalid ${what} ${quoted(input)}: one line of 1 to 200 characters`,
  });

export const prose = (what: string) =>
  z.string().regex(/^(?:[^\p{Cc}]|[\t\n])*$/u, {
    error: () => `invalid ${what}: it contains a control character`,
  });

const badPort = ({ input }: { readonly input?: unknown }): string => `invalid port ${quoted(input)}: 1 to 65535`;

export const portNumber = z.int({ error: badPort }).min(1, { error: badPort }).max(65535, { error: badPort });

/** The gateway of Calico's pods, in each of their networks. */
const CALICO_GATEWAY = '169.254.1.1';

/** Of 169.254.0.0/16, the first 256 addresses and the last are reserved (RFC 3927, 2.1). */
const isReserved = (text: string): boolean => /^169\.254\.(0|255)\./.test(text);

/**
 * A link-local address of IPv4 may stand for what every machine of a cloud, or every node, has under it: 169.254.169.254
 * for metadata, 169.254.20.10 for NodeLocal DNSCache. One of IPv6 says nothing without an interface.
 */
const isHostAddress = (text: string): boolean => {
  if (ipaddr.IPv4.isValidFourPartDecimal(text))
    return ['unicast', 'private', 'carrierGradeNat', 'linkLocal'].includes(rangeOf(text)) && !isReserved(text);
  return parseAddress(text)?.family === 'IPv6' && ipaddr.isValid(text) && SIX.includes(rangeOf(text));
};

const SIX = ['unicast', 'uniqueLocal'];

const rangeOf = (text: string): string => ipaddr.parse(text).range();

const oneOfEachFamily = <Item extends z.ZodType<string>>(item: Item) => {
  const expected = 'expected an IP address, or a list of one IPv4 and one IPv6 address';
  const list = z
    .array(item)
    .min(1, { error: () => `${expected}, got an empty one` })
    .max(2, { error: () => `${expected}, got more` });
  return z.union([item, list], {
    error: ({ input }) => (input === undefined ? undefined : `${expected}, got ${kindOf(input)}`),
  });
};

/** Addresses that a machine outside the cluster may have: not loopback, multicast or broadcast. */
export const hostAddresses = oneOfEachFamily(
  z
    .string()
    .refine(isHostAddress, {
      abort: true,
      error: ({ input }) =>
        `invalid address ${quoted(input)}: expected one that a machine can have, for example 172.17.5.10 or fd00:5::10`,
    })
    .refine((text) => text !== CALICO_GATEWAY, {
      error: ({ input }) => `invalid address ${quoted(input)}: it is the gateway of each pod in a cluster with Calico`,
    }),
);

export const addresses = oneOfEachFamily(
  z.string().refine((text) => parseAddress(text) !== null, {
    error: ({ input }) => `invalid address ${quoted(input)}: expected an IP address, for example 192.168.77.10`,
  }),
);

export const serviceName = z.string().regex(/^[a-z0-9][-a-z0-9]*\/[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/, {
  error: ({ input }) =>
    `invalid Service ${quoted(input)}: namespace/name, the name of lower-case letters, digits and "-", a letter first`,
});

export const protocol = z.enum(PROTOCOLS, {
  error: ({ input }) => `invalid protocol ${quoted(input)}: TCP, UDP or SCTP`,
});

export const family = z.enum(['IPv4', 'IPv6'], {
  error: ({ input }) => `invalid family ${quoted(input)}: IPv4 or IPv6`,
});

const portNotation = z.string().regex(/^[1-9][0-9]{0,4}\/(?:TCP|UDP|SCTP)$/, {
  error: ({ input }) => `invalid port ${quoted(input)}: write 80, '80/TCP', '53/UDP' or '9000/SCTP'`,
});

export const portName = z.string().regex(PORT_NAME, {
  error: ({ input }) =>
    `invalid port name ${quoted(input)}: at most 15 lower-case letters, digits and single "-" inside, with a letter`,
});

export const port = z.union(
  [
    portNumber.describe('80 means 80/TCP'),
    portNotation
      .refine((text) => Number.parseInt(text, 10) <= 65535, { error: badPort })
      .describe('Number and protocol'),
    mapping({
      name: portName.optional().describe('What a policy may call the port'),
      port: portNumber,
      protocol: protocol.optional().describe('TCP by default'),
    }),
  ],
  { error: ({ input }) => `expected a port (80, '53/UDP' or {name, port, protocol}), got ${kindOf(input)}` },
);

export type WrittenPort = z.infer<typeof port>;
