import { printable } from '../../report/index.ts';
import type { Scenario } from '../../scenario/index.ts';
import { plural } from '../../text.ts';
import { widthOf } from '../../width.ts';

/** A line for each scenario: its name, its file and its tags, in columns; then how many there are. */
export const listText = (scenarios: readonly Scenario[]): string => {
  const rows = scenarios.map(({ name, file, tags = [] }) => [name, file, tags.join(', ')].map(printable));
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => widthOf(row[column] ?? ''))));
  const lines = rows.map((row) =>
    row
      .map((text, column) => text + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(text))))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, plural(scenarios.length, 'scenario')].map((line) => `${line}\n`).join('');
};
