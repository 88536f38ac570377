/** Where a run leaves evidence of what does not pass. */
import { stat } from 'node:fs/promises';
import { PodreachError } from '../../errors.ts';
import { printable } from '../../text.ts';
import { ciIn, type Env } from '../ci.ts';

const NONE = 'none';
/** Where a job finds it that keeps it as an artifact. */
const USUAL_FOLDER = 'podreach-evidence';

/** In CI the cluster is gone when somebody looks, so there it is on by itself. */
export const usualEvidence = (env: Env): string => (ciIn(env) ? USUAL_FOLDER : NONE);

/** Undefined if none is wanted. Throws a PodreachError if the folder is a file. */
export const evidenceFolder = async (named: string): Promise<string | undefined> => {
  if (named === NONE) return undefined;
  const found = await stat(named).catch(() => undefined);
  if (!found || found.isDirectory()) return named;
  throw new PodreachError(`evidence can't be written to ${printable(named)}: it is not a folder`, {
    hint: `name another folder with --evidence, or --evidence ${NONE}`,
  });
};
