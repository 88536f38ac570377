/** What a cell of the picture of a comparison looks like; a mark says the same as a colour. */
import type { Change } from '../../compare/index.ts';
import { excerpt } from '../../text.ts';
import type { DrawnCell } from '../svg-matrix.ts';
import { seenText } from './live.ts';
import { changeText } from './outcome.ts';
import type { ChangedCell } from './picture.ts';
import { CHANGE_WORDS, whyText } from './words.ts';

const TEXT_CODE_POINTS = 300;

const LOOKS: Readonly<Record<Change, { readonly look: string; readonly mark: string }>> = {
  opened: { look: 'opened', mark: '+' },
  closed: { look: 'closed', mark: '−' },
  'may-open': { look: 'perhaps', mark: '+?' },
  'may-close': { look: 'perhaps', mark: '−?' },
  'may-differ': { look: 'perhaps', mark: '±?' },
  added: { look: 'new', mark: 'n' },
  removed: { look: 'gone', mark: 'g' },
  undecided: { look: 'undecided', mark: '?' },
};

const SAME: DrawnCell = { look: 'same', mark: '=', meaning: 'unchanged, or no cell', isLoud: false };
const SELF: DrawnCell = { look: 'self', mark: '#', meaning: 'an end to itself', isLoud: false };

/** Of a cell that only one side has: its mark is that in the matrix of a run. */
const DECIDED = {
  allow: { mark: '.', word: 'allowed' },
  deny: { mark: 'X', word: 'blocked' },
  unknown: { mark: 'u', word: 'undecided' },
} as const;

/** What a cell looks like, without its cause. */
const keyOf = (cell: ChangedCell): DrawnCell => {
  if (cell === undefined) return SAME;
  if (cell === 'self') return SELF;
  const { change, wanted, before, after } = cell;
  const { look, mark } = LOOKS[change];
  const only = change === 'added' ? after : change === 'removed' ? before : null;
  if (only !== null) {
    const { mark: detail, word } = DECIDED[only];
    const decided = change === 'removed' ? `was ${word}` : word;
    return {
      look: `${look} ${only}`,
      mark: `${mark}${detail}`,
      meaning: `${CHANGE_WORDS[change]}, ${decided}`,
      isLoud: true,
    };
  }
  return { look, mark: `${mark}${wanted ? 'w' : ''}`, meaning: changeText(cell), isLoud: true };
};

/** What a cell looks like, and why. */
export const drawnCell = (cell: ChangedCell): DrawnCell => {
  const key = keyOf(cell);
  if (cell === undefined || cell === 'self') return key;
  const words = [changeText(cell), whyText(cell), seenText(cell)].filter((one) => one !== '');
  return { ...key, meaning: excerpt(words.join(': '), TEXT_CODE_POINTS) };
};

/** What these cells look like, each look once. */
export const legendOf = (cells: readonly ChangedCell[]): readonly DrawnCell[] => {
  const order = [...Object.values(LOOKS), SAME, SELF].map(({ look }) => look);
  const rankOf = ({ look }: DrawnCell): number => order.indexOf(look.replace(/ .*/, ''));
  return [...new Map(cells.map(keyOf).map((key) => [key.mark, key])).values()].toSorted(
    (one, other) => rankOf(one) - rankOf(other),
  );
};

/** Light, and dark as the reader has it. */
export const STYLE = `
  svg, :root { --opened: #b4e3bd; --closed: #ff9a94; --perhaps: #f3dd96; --undecided: #d9b8ff; --new: #9ecbff; --new-deny: #dbe9f7; --gone: #e2c5ac; --gone-deny: #f3e7dc; --same: #e6e8eb; }
  .opened { fill: var(--opened); } .closed { fill: var(--closed); } .perhaps { fill: var(--perhaps); } .undecided { fill: var(--undecided); }
  .new { fill: var(--new); } .gone { fill: var(--gone); } .new.deny { fill: var(--new-deny); } .gone.deny { fill: var(--gone-deny); } .same { fill: var(--same); } .self { fill: var(--paper); }
  @media (prefers-color-scheme: dark) {
    svg, :root { --opened: #1f5c2e; --closed: #8e1519; --perhaps: #6b5410; --undecided: #57318a; --new: #1b5fa8; --new-deny: #1c3045; --gone: #7a4f2c; --gone-deny: #3b2c20; --same: #30363d; }
  }
`;
