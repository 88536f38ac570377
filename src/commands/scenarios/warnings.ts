import { type PlacedWarning, warningsOf } from '../../matrix/index.ts';
import type { Progress } from '../../progress.ts';
import { noteLine } from '../../report/index.ts';
import { podsOf, type Scenario } from '../../scenario/index.ts';

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
  tell('warning', scenarios.flatMap(warningsOf), progress);
};

/** Reports what is suspicious after a change and was not before. Of large clusters nothing: that takes as long as the comparison. */
export const tellNewWarnings = (before: readonly Scenario[], after: readonly Scenario[], progress: Progress): void => {
  if (after.some(isLarge)) return;
  // That policies without any pod select none is said elsewhere.
  const found = after.filter(hasPods).flatMap(warningsOf);
  if (found.length === 0 || before.some(isLarge)) return;
  // Lines move.
  const keyOf = ({ rule, message }: PlacedWarning): string => `${rule} ${message.replaceAll(/line \d+/g, 'line')}`;
  const was = new Set(before.flatMap(warningsOf).map(keyOf));
  tell(
    'new warning',
    found.filter((warning) => !was.has(keyOf(warning))),
    progress,
  );
};

const hasPods = ({ steps }: Scenario): boolean => steps.some(({ topology }) => podsOf(topology).length > 0);

const PODS_TIMES_POLICIES = 100_000;

const isLarge = ({ steps }: Scenario): boolean =>
  steps.some(({ topology, policies }) => podsOf(topology).length * policies.length > PODS_TIMES_POLICIES);

const tell = (word: string, warnings: readonly PlacedWarning[], progress: Progress): void => {
  const texts = warnings.map(({ file, line, column, message, rule, hint }) => ({
    text: `${word}: ${file}:${line}:${column}: ${message} (${rule})`,
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
