import { PodreachError } from '../errors.ts';
import type { Owner } from '../owner.ts';
import type { Progress } from '../progress.ts';

/** Something that a dead run left and nobody will come back for. */
export interface Leftover {
  readonly what: 'cluster' | 'container' | 'image' | 'namespace' | 'policy' | 'route' | 'file';
  readonly name: string;
  /** Why it is known to be abandoned: `its process 4711 is gone`. */
  readonly why: string;
  /** The process that made it; undefined if it does not say. */
  readonly owner?: Owner | undefined;
  /** Undefined if its age is not known. */
  readonly since: Date | undefined;
  /** Throws a PodreachError with the reason if it can't be removed. */
  remove(): Promise<void>;
}

/** Removes leftovers one by one; notes those that can't be removed with the reason, and returns them. */
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
