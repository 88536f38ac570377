import ipaddr from 'ipaddr.js';
import type { Address } from './address.ts';

/** `10.0.0.1` or `fd00::1` */
export const addressText = ({ family, value }: Address): string => {
  const length = family === 'IPv4' ? 4 : 16;
  const bytes = Array.from({ length }, (_, index) => Number((value >> BigInt(8 * (length - 1 - index))) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
};
