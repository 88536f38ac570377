import type { ComparedResult } from '../../compare/index.ts';
import { excerpt } from '../../text.ts';
import type { Colours } from '../colours.ts';
import type { Outcome } from '../outcome.ts';
import { comparedOutcome, isChanged, lonelyScenarios, rankedComparisons } from './outcome.ts';
import { countsText } from './words.ts';

const NAME_CODE_POINTS = 300;

/** A line for each comparison, those that are forbidden first. */
export const comparedList = (result: ComparedResult, colours: Colours): readonly string[] => {
  const rows = [
    ...rankedComparisons(result).map((comparison) => {
      const { outcome } = comparedOutcome(comparison, result);
      const word = outcome === 'skipped' ? (isChanged(comparison) ? 'changed' : 'same') : outcome;
      return { word, name: comparison.name, text: countsText(comparison) };
    }),
    ...lonelyScenarios(result).map(({ name, text }) => ({ word: 'skipped', name, text })),
  ];
  const width = Math.max(0, ...rows.map(({ word }) => word.length));
  return rows.map(({ word, name, text }) => {
    const painted = paint(word, word.padEnd(width), colours);
    return `${painted} ${excerpt(name, NAME_CODE_POINTS)}: ${text}\n`;
  });
};

const paint = (word: string, text: string, colours: Colours): string => {
  const painters: Readonly<Partial<Record<string, (plain: string) => string>>> = {
    passed: colours.green,
    failed: colours.red,
    error: colours.magenta,
  } satisfies Partial<Record<Outcome, (plain: string) => string>>;
  return colours.bold((painters[word] ?? String)(text));
};
