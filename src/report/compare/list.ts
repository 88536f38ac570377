import type { ComparedResult } from '../../compare/index.ts';
import { excerpt } from '../../text.ts';
import type { Colours } from '../colours.ts';
import type { Outcome } from '../outcome.ts';
import { liveStates } from './live.ts';
import { comparedOutcome, isChanged, lonelyScenarios, rankedComparisons } from './outcome.ts';
import { countsText } from './words.ts';

const NAME_CODE_POINTS = 300;
const TEXT_CODE_POINTS = 500;

/** A line for each comparison, those that are forbidden first. */
export const comparedList = (result: ComparedResult, colours: Colours): readonly string[] => {
  const rows = [
    ...rankedComparisons(result).flatMap((comparison) => {
      const { outcome } = comparedOutcome(comparison, result);
      const word = outcome === 'skipped' ? (isChanged(comparison) ? 'changed' : 'same') : outcome;
      const states = liveStates(comparison).map((state) => ({ ...state, word: state.outcome as string }));
      return [{ word, name: comparison.name, text: countsText(comparison) }, ...states];
    }),
    ...lonelyScenarios(result).map(({ name, text }) => ({ word: 'skipped', name, text })),
  ];
  const width = Math.max(0, ...rows.map(({ word }) => word.length));
  return rows.map(({ word, name, text }) => {
    const painted = paint(word, word.padEnd(width), colours);
    return `${painted} ${excerpt(name, NAME_CODE_POINTS)}: ${excerpt(text, TEXT_CODE_POINTS)}\n`;
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
