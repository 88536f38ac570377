import { PodreachError } from '../errors.ts';
import type { Progress } from '../progress.ts';

/** Something that a dead run left, which nobody will come back for. */
export interface Leftover {
  readonly what: 'cluster' | 'container' | 'image' | 'namespace' | 'route' | 'file';
  readonly name: string;
  /** How it is known to be nobody's: `its process 4711 is gone`. */
  readonly why: string;
  /** Undefined where nothing tells since when it has been there. */
  readonly since: Date | undefined;
  /** Throws a PodreachError with the reason where it can't be removed. */
  remove(): Promise<void>;
}

/** Removes them one after another; what can't be removed is noted with the reason, and returned. */
export const removeLeftovers = async (
  leftovers: readonly Leftover[],
  progress: Progress,
): Promise<readonly Leftover[]> => {
  const failed: Leftover[] = [];
  for (const leftover of leftovers) {
    await leftover.remove().catch((error: unknown) => {
      if (!(error instanceof PodreachError)) throw error;
      failed.push(leftover);
      progress.note(`${error.message}; the next run tries again`, 'important');
    });
  }
  return failed;
};
