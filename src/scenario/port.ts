import { parsePort } from '../port.ts';
import type { WrittenPort } from './field.ts';
import type { Port } from './scenario.ts';

/** A port that passed the schema. */
export const expandPort = (written: WrittenPort): Port => {
  if (typeof written !== 'object') return parsePort(written) ?? { number: 0, protocol: 'TCP' };
  const { name, port: number, protocol = 'TCP' } = written;
  return { number, protocol, ...(name === undefined ? {} : { name }) };
};
