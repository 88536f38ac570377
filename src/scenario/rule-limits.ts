import type { SourceDocument } from './document.ts';
import { isPartial } from './end-pattern.ts';
import type { WrittenMatrix, WrittenRule } from './expect-schema.ts';
import { LIMITS } from './limits.ts';
import type { Problem } from './problem.ts';
import type { WrittenEnds } from './written-ends.ts';

type Written = NonNullable<WrittenRule['allow']>;

/** Whether the rules of an expectation are few enough; the document is what stands under `expect`. */
export const fitsRules = (
  { problemAt }: SourceDocument,
  { rules = [] }: WrittenMatrix,
  problems: Problem[],
): boolean => {
  const patterns = rules
    .flatMap(({ allow, deny, drop, reject }) => allow ?? deny ?? drop ?? reject ?? {})
    .reduce((sum, { from, to }: Written) => sum + patternsIn(from) + patternsIn(to), 0);
  const what =
    rules.length > LIMITS.rules
      ? `${rules.length} rules: at most ${LIMITS.rules}`
      : patterns > LIMITS.rulePatterns
        ? `${patterns} patterns and labels: at most ${LIMITS.rulePatterns}`
        : null;
  if (what !== null) problems.push(problemAt(['rules'], `${what} in a scenario`));
  return what === null;
};

/** Those that have to be compared with each end. */
const patternsIn = (ends: WrittenEnds | undefined): number => {
  if (ends === undefined) return 0;
  if (Array.isArray(ends)) return ends.reduce((sum, one) => sum + patternsIn(one), 0);
  return typeof ends === 'string' ? Number(isPartial(ends)) : Object.keys(ends.labels).length;
};
