import { warningsOf } from '../matrix/index.ts';
import type { Progress } from '../progress.ts';
import type { Scenario } from '../scenario/index.ts';

/** Tells what is suspicious in the policies, before anything is done with them. */
export const tellWarnings = (scenarios: readonly Scenario[], progress: Progress): void => {
  const texts = scenarios.flatMap(warningsOf).map(({ file, line, column, message, rule, hint }) => ({
    text: `warning: ${file}:${line}:${column}: ${message} (${rule})`,
    hint,
  }));
  // Scenarios may share a policy.
  const different = [...new Map(texts.map((one) => [one.text, one])).values()];
  for (const { text, hint } of different.slice(0, MOST_TOLD)) {
    progress.note(text);
    if (hint !== undefined) progress.note(`  hint: ${hint}`);
  }
  const more = different.length - MOST_TOLD;
  if (more > 0) progress.note(`and ${more.toLocaleString('en')} more warnings`);
};

/** More would bury the report below. */
const MOST_TOLD = 50;
