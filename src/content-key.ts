import { createHash } from 'node:crypto';

/** Twelve hexadecimal digits that change when any of the parts changes. */
export const contentKey = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex').slice(0, 12);
};
