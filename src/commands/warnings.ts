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
  for (const { text, hint } of new Map(texts.map((one) => [one.text, one])).values()) {
    progress.note(text);
    if (hint !== undefined) progress.note(`  hint: ${hint}`);
  }
};
