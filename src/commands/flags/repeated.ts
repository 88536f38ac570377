/** Reads the values of flags that may be repeated. */
import { InvalidArgumentError } from 'commander';
import { parsePort } from '../../port.ts';
import type { Port } from '../../scenario/index.ts';
import { notEmpty } from './values.ts';

/** All values of a flag that may be repeated. */
export const each = (text: string, before: readonly string[] = []): readonly string[] => [...before, notEmpty(text)];

/** `80`, `53/udp`; once for each time that the flag is given. */
export const eachPort = (text: string, before: readonly Port[] = []): readonly Port[] => {
  const port = parsePort(text.toUpperCase());
  if (port && port.number <= 65535) return [...before, port];
  throw new InvalidArgumentError('It must be a port like 80 or 53/UDP.');
};
