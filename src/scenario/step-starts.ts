import type { SourceDocument } from './document.ts';
import { millisecondsOf } from './duration.ts';
import { LIMITS } from './limits.ts';
import type { Problem } from './problem.ts';
import type { Topology, WantedStarts } from './scenario.ts';
import type { WrittenStep } from './step-schema.ts';
import { podsOf } from './topology.ts';

/**
 * The starts that a step asks for, which are those of the pods that it creates; null if it asks for none. Pods that share
 * their node's network, which was there before them, are left out. What can't be goes to `problems`.
 */
export const startsOf = (
  { problemAt }: SourceDocument,
  { starts: count, openAtMost, closedAtMost }: WrittenStep,
  { before, after }: { readonly before: Topology; readonly after: Topology },
  problems: Problem[],
): WantedStarts | null => {
  if (count === undefined) return null;
  const there = new Set(podsOf(before).map(({ endpoint }) => endpoint));
  const created = podsOf(after).filter(({ endpoint, hostNetwork }) => !there.has(endpoint) && !hostNetwork);
  const sum = created.length * count;
  if (sum === 0) problems.push(problemAt(['starts'], 'this step creates no pod with a network of its own'));
  else if (sum > LIMITS.starts)
    problems.push(problemAt(['starts'], `${sum} starts of ${created.length} pods: at most ${LIMITS.starts}`));
  return {
    pods: created.map(({ endpoint }) => endpoint),
    count,
    ...(openAtMost !== undefined && { openAtMostMs: millisecondsOf(openAtMost) }),
    ...(closedAtMost !== undefined && { closedAtMostMs: millisecondsOf(closedAtMost) }),
  };
};
