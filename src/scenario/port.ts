import type { WrittenPort } from './field.ts';
import type { Port, Protocol } from './scenario.ts';

const notation = /^([1-9][0-9]{0,4})(?:\/(TCP|UDP|SCTP))?$/;

/** Reads `80` (short for 80/TCP) or `53/UDP`; null for anything else. */
export const parsePort = (written: number | string): Port | null => {
  const [, digits, protocol] = notation.exec(`${written}`) ?? [];
  return digits === undefined ? null : { number: Number(digits), protocol: (protocol ?? 'TCP') as Protocol };
};

/** A port that passed the schema. */
export const expandPort = (written: WrittenPort): Port => {
  if (typeof written !== 'object') return parsePort(written) ?? { number: 0, protocol: 'TCP' };
  const { name, port: number, protocol = 'TCP' } = written;
  return { number, protocol, ...(name === undefined ? {} : { name }) };
};
