import { warningsOf } from '../../matrix/index.ts';
import type { Progress } from '../../progress.ts';
import { noteLine } from '../../report/index.ts';
import type { Scenario } from '../../scenario/index.ts';

/** A folder of manifests may hold any number of objects; the JSON report has all notes on them. */
const mostNotes = 100;

/** Reports what in the policies' files is not sent and so has no part in the answer. */
export const tellNotes = (scenarios: readonly Scenario[], progress: Progress): void => {
  // Scenarios may share a file.
  const lines = [...new Set(scenarios.flatMap(({ notes = [] }) => notes.map(noteLine)))];
  for (const line of lines.slice(0, mostNotes)) progress.note(line, 'important');
  if (lines.length > mostNotes)
    progress.note(`note: ${lines.length - mostNotes} more such lines; --reporter json has them all`, 'important');
};

/** Reports the notes and what is suspicious in the policies, before anything is done with them. */
export const tellWarnings = (scenarios: readonly Scenario[], progress: Progress): void => {
  tellNotes(scenarios, progress);
  const texts = scenarios.flatMap(warningsOf).map(({ file, line, column, message, rule, hint }) => ({
    text: `warning: ${file}:${line}:${column}: ${message} (${rule})`,
    hint,
  }));
  // Scenarios may share a policy.
  const different = [...new Map(texts.map((one) => [one.text, one])).values()];
  for (const { text, hint } of different.slice(0, MOST_TOLD)) {
    progress.note(text, 'important');
    if (hint !== undefined) progress.note(`  hint: ${hint}`, 'important');
  }
  const more = different.length - MOST_TOLD;
  if (more > 0) progress.note(`and ${more.toLocaleString('en')} more warnings`, 'important');
};

/** More would bury the report below. */
const MOST_TOLD = 50;
