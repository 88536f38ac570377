import { LEVELS, type Part } from './parts.ts';
import { reduce } from './reduce.ts';
import { type Subject, type World, worldIn } from './subject.ts';
import { without } from './without.ts';

/** `unsure`: the mismatch came and went, which is not enough to build on. */
export type Answer = 'shows' | 'gone' | 'unsure';

/** Asks whether a smaller world still shows the mismatch. Throws if that can't be found out. */
export type Ask = (world: World) => Promise<Answer>;

export interface Minimized {
  readonly subject: Subject;
  /** How many worlds were asked about; each once. */
  readonly tries: number;
  /** How many of them gave no clear answer. */
  readonly unsure: number;
  /** Nothing more can be taken away by itself. Otherwise the tries were used up. */
  readonly isMinimal: boolean;
}

/**
 * Takes away parts of a subject, a level at a time, for as long as one can go. What comes out depends on the answers
 * alone, so a search whose first answers are known goes on where it was.
 */
export const minimize = async (first: Subject, ask: Ask, triesAtMost: number): Promise<Minimized> => {
  const known = new Map<string, Answer>();
  let subject = first;
  let isUsedUp = false;
  const shows = async (candidate: Subject): Promise<boolean> => {
    const key = JSON.stringify(candidate);
    const world = known.has(key) ? null : worldIn(candidate);
    if (world && known.size < triesAtMost) known.set(key, await ask(world));
    else if (world) isUsedUp = true;
    return known.get(key) === 'shows';
  };
  for (let chunks = true; ; chunks = false) {
    const before = subject;
    for (const level of LEVELS) {
      const world = worldIn(subject);
      if (!world) throw new RangeError('a subject that shows the mismatch is not a world');
      const parts = level(subject, world);
      const from = subject;
      const cut = (removed: readonly Part[]): Subject =>
        without(
          from,
          removed.flatMap(({ paths }) => paths),
        );
      const unlikely = parts.filter(({ isUnlikely }) => isUnlikely);
      const ordered = [...unlikely, ...parts.filter(({ isUnlikely }) => !isUnlikely)];
      subject = cut(await reduce({ parts: ordered, unlikely, shows: (removed) => shows(cut(removed)) }, chunks));
    }
    if (subject === before || isUsedUp) break;
  }
  const unsure = [...known.values()].filter((answer) => answer === 'unsure').length;
  return { subject, tries: known.size, unsure, isMinimal: !isUsedUp };
};
