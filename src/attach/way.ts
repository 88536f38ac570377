import type { ExistingPod } from './existing-pod.ts';

/** How to probe from a pod: as the user wants, or the best way available. */
export type Choice = 'ephemeral' | 'exec' | 'auto';

/** How a pod is made a source. */
export interface Way {
  /** A container of podreach's own in the pod's network, or a command in one of the pod's containers. */
  readonly by: 'ephemeral' | 'exec';
  /** Why it is not the other way; null if the user chose it, or if it is the better one. */
  readonly because: string | null;
  /** Whether the other way may be tried if this one fails. */
  readonly mayFallBack: boolean;
}

/** @param mayAdd Whether the user may add ephemeral containers to the pods of the pod's namespace. */
export const wayOf = ({ isStatic }: Pick<ExistingPod, 'isStatic'>, choice: Choice, mayAdd: boolean): Way => {
  if (choice !== 'auto') return { by: choice, because: null, mayFallBack: false };
  if (!mayAdd) return byExec('you are not allowed to add ephemeral containers there');
  if (isStatic) return byExec('a static pod accepts no ephemeral container');
  return { by: 'ephemeral', because: null, mayFallBack: true };
};

const byExec = (because: string): Way => ({ by: 'exec', because, mayFallBack: false });
