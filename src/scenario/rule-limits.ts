import type { SourceDocument } from './document.ts';
import { LIMITS } from './limits.ts';
import type { Problem } from './problem.ts';
import type { WrittenMatrix } from './schema.ts';

/** Whether the rules of an expectation are few enough; the document is what stands under `expect`. */
export const fitsRules = (
  { problemAt }: SourceDocument,
  { rules = [] }: WrittenMatrix,
  problems: Problem[],
): boolean => {
  const fits = rules.length <= LIMITS.rules;
  if (!fits) problems.push(problemAt(['rules'], `${rules.length} rules: at most ${LIMITS.rules} in a scenario`));
  return fits;
};
