/** The different looks of cells: what they show, and what is to say about all cells that look so. */
import { agrees, type Cell } from '../../matrix/index.ts';
import type { Decision } from '../../model/index.ts';
import type { Verdict } from '../../probe/index.ts';
import type { Expectation } from '../../scenario/index.ts';
import { blameLines, causeOf } from '../finding.ts';
import type { PageLook } from './page-data.ts';

const SEEN: Readonly<Record<Verdict, readonly [mark: string, word: string]>> = {
  allowed: ['●', 'allowed'],
  dropped: ['×', 'blocked (no answer)'],
  rejected: ['R', 'blocked (refused)'],
  error: ['?', 'error'],
  unsupported: ['–', 'unsupported'],
};

const PREDICTED: Readonly<Record<Decision, readonly [mark: string, word: string]>> = {
  allow: ['●', 'allowed'],
  deny: ['×', 'blocked'],
  unknown: ['u', 'undecided'],
};

const WANTED: Readonly<Record<Expectation, readonly [mark: string, word: string]>> = {
  allow: ['●', 'allowed'],
  deny: ['×', 'blocked'],
  drop: ['D', 'no answer'],
  reject: ['R', 'refused'],
};

/** For a pair of ends that is not in the matrix, and for a pod to itself. */
const FIXED: readonly PageLook[] = [
  {
    ...{ kind: 'blank', status: 'blank', seen: '', mark: '', wanted: '', disagrees: false },
    label: 'no cell',
    words: [],
  },
  {
    ...{ kind: 'self', status: 'self', seen: '', mark: '#', wanted: '', disagrees: false },
    label: 'a pod to itself, never judged',
    words: [],
  },
];

/** Its position there; the blank is first, as places are before they are filled. */
export const SELF = 1;

/** Numbers the looks as they come. */
export const createLooks = () => {
  const all: PageLook[] = [...FIXED];
  const numbers = new Map<string, number>();
  let last: readonly [cell: Cell, number: number] | undefined;
  const numberOf = (cell: Cell): number => {
    if (cell.status === 'self') return SELF;
    // Mostly a cell looks like the one before.
    if (last && isAlike(last[0], cell)) return last[1];
    const key = traitsOf(cell).join();
    const number = numbers.get(key) ?? all.push(lookOf(cell)) - 1;
    numbers.set(key, number);
    last = [cell, number];
    return number;
  };
  return { all, numberOf };
};

const traitsOf = ({ status, expected, observed, model, exempt, observation, ...why }: Cell): readonly unknown[] => [
  ...[status, expected, observed, model, exempt, observation === null, observation?.flaky],
  ...[why.backendsDiffer, why.sticky, why.lookupUnknown],
];

/** Compared one by one, because a million lists of them take time. */
const isAlike = (one: Cell, other: Cell): boolean =>
  one.status === other.status &&
  one.expected === other.expected &&
  one.observed === other.observed &&
  one.model === other.model &&
  one.exempt === other.exempt &&
  (one.observation === null) === (other.observation === null) &&
  one.observation?.flaky === other.observation?.flaky &&
  one.backendsDiffer === other.backendsDiffer &&
  one.sticky === other.sticky &&
  one.lookupUnknown === other.lookupUnknown;

const lookOf = (cell: Cell): PageLook => {
  const { status, expected, observed, model } = cell;
  const [mark, word] = shownOf(cell);
  const seen = observed ?? model ?? 'error';
  const isOpen = seen === 'allowed' || seen === 'allow';
  const kind = status === 'match' || status === 'unjudged' ? `${status}-${isOpen ? 'open' : 'closed'}` : status;
  const disagrees = agrees(cell) === false;
  return {
    ...{ kind, status, seen, disagrees },
    mark: status === 'flaky' || cell.observation?.flaky ? '~' : mark,
    wanted: expected === null ? '' : WANTED[expected][0],
    label: labelOf(cell, word),
    words: wordsOf(cell, disagrees),
  };
};

const shownOf = ({ status, observed, model }: Cell): readonly [mark: string, word: string] => {
  if (status === 'error') return SEEN.error;
  if (status === 'unknown') return PREDICTED.unknown;
  if (observed !== null) return SEEN[observed];
  return model === null ? SEEN.error : PREDICTED[model];
};

const labelOf = ({ status, expected, observed, observation, exempt }: Cell, word: string): string => {
  const shown = observed === null && status !== 'error' ? `predicted ${word}` : word;
  const wanted = expected === null ? 'nothing expected' : `expected ${WANTED[expected][1]}`;
  switch (status) {
    case 'match':
      return `${shown}, as expected`;
    case 'mismatch':
      return `${shown}, ${wanted}`;
    case 'flaky':
      return `flaky, last seen ${shown}, ${wanted}`;
    case 'error':
      return `error, nothing is known, ${wanted}`;
    case 'unknown':
      return `unknown to the model, so not judged`;
    case 'open':
      return `${shown}, undefined by the specification`;
    case 'unsupported':
      return `unsupported on this host, ${wanted}`;
    default:
      return `${exempt && observation?.flaky ? `flaky, last seen ${shown}` : shown}, nothing expected`;
  }
};

const wordsOf = (cell: Cell, disagrees: boolean): readonly string[] => {
  const { status, model, observation } = cell;
  const blame = blameLines(cell).map((line) => sentence(line.trim()));
  if (blame.length > 0) return blame;
  return [
    ...(status === 'unknown' ? [sentence(causeOf(cell))] : []),
    ...(status === 'error' && observation === null ? ['It was expected, but not probed.'] : []),
    ...(disagrees ? [`The CNI and the specification disagree: the specification says ${model}.`] : []),
  ];
};

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
