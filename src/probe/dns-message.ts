import type { Family } from '../scenario/index.ts';

/** RFC 1035, section 3.2.2, and RFC 3596. */
const TYPES: Readonly<Record<Family, number>> = { IPv4: 1, IPv6: 28 };
const INTERNET = 1;
const HEADER_BYTES = 12;
const RECURSION_DESIRED = 0x01_00;

/**
 * The message that asks a DNS server for the addresses of a name (RFC 1035, section 4.1).
 * @param name With or without a trailing dot.
 * @param id Any two bytes; the answer to this query repeats them.
 */
export const dnsQuery = (name: string, family: Family, id: number): Buffer => {
  const labels = name.split('.').filter((label) => label !== '');
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(RECURSION_DESIRED, 2);
  header.writeUInt16BE(1, 4);
  const question = labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]);
  return Buffer.concat([header, ...question, Buffer.from([0, 0, TYPES[family], 0, INTERNET])]);
};

/**
 * A server's answer. `code` is its RCODE, 0 if the name exists; `addresses` counts the answers of the family, as far as
 * the message goes. Null if it is no answer to the query.
 */
export const readDnsAnswer = (
  message: Buffer,
  query: Buffer,
  family: Family,
): { readonly code: number; readonly addresses: number } | null => {
  const question = query.subarray(HEADER_BYTES);
  const end = HEADER_BYTES + question.length;
  if (message.length < end || message.readUInt16BE(0) !== query.readUInt16BE(0)) return null;
  const flags = message.readUInt16BE(2);
  const code = flags & 0xf;
  const isAnswer = (flags & 0x80_00) !== 0;
  if (!isAnswer || !isEqual(message.subarray(HEADER_BYTES, end), question)) return null;
  let addresses = 0;
  let at = end;
  for (let left = message.readUInt16BE(6); left > 0; left -= 1) {
    at = afterName(message, at);
    // Type, class, time to live and length.
    if (at + 10 > message.length) break;
    if (message.readUInt16BE(at) === TYPES[family]) addresses += 1;
    at += 10 + message.readUInt16BE(at + 8);
  }
  return { code, addresses };
};

/** Names compare case-insensitively (RFC 1035, section 2.3.3); the type and class at the end contain no letters. */
const isEqual = (one: Buffer, other: Buffer): boolean =>
  one.toString('latin1').toLowerCase() === other.toString('latin1').toLowerCase();

const afterName = (message: Buffer, start: number): number => {
  for (let at = start; ; ) {
    // The end of a truncated message also ends a name.
    const length = message[at] ?? 0;
    if (length === 0) return at + 1;
    // A pointer (RFC 1035, section 4.1.4) ends a name.
    if (length >= 0xc0) return at + 2;
    at += 1 + length;
  }
};
