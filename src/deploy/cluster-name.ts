import { createHash } from 'node:crypto';

/** Marks namespaces so that everything of a run can be found and removed. */
export const RUN_LABEL = 'podreach/run';

/**
 * Identifies the owner, which is to remove it: the process of the run, as `ownerText` writes it. An annotation, so that
 * no selector sees it.
 */
export const OWNER_ANNOTATION = 'podreach/owner';

const SUFFIX_LENGTH = 5;
/** Letters and digits that form no words by accident and are not easily confused. */
const ALPHABET = 'bcdfghjkmnpqrstvwxz2456789';

/** Five characters, the same for the same parts, that distinguish the namespaces of one deployment. */
export const suffixOf = (...parts: readonly string[]): string => {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return [...digest.subarray(0, SUFFIX_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
};

/** `prod` → `prod-x7k2a`. The loader keeps scenario names short enough for this. */
export const renamed = (namespace: string, suffix: string): string => `${namespace}-${suffix}`;
