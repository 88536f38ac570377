import { PodreachError } from '../../errors.ts';
import { type StepTrend, trendsOf } from '../../history/index.ts';
import { historyJson, historyLines } from '../../report/history/index.ts';
import { endMatcher, loadSettings } from '../../scenario/index.ts';
import { listed, plural } from '../../text.ts';
import { matching } from '../flags/index.ts';
import type { Terminal } from '../terminal/index.ts';
import { readHistory } from './folder.ts';

export interface HistoryFlags {
  readonly grep?: RegExp;
  readonly endpoint?: readonly string[];
  readonly last: number;
  readonly full?: boolean;
  readonly reporter: 'terminal' | 'json';
}

/** `podreach history`: what the kept runs say together. Throws a PodreachError if there are none, or none match. */
export const history = async (
  folder: string | undefined,
  flags: HistoryFlags,
  { print, progress, colour, width }: Terminal,
): Promise<number> => {
  const from = folder ?? (await loadSettings('.'))?.history;
  if (from === undefined)
    throw new PodreachError('which history?', {
      hint: 'name the folder of --history, or set `history` in podreach.yaml',
    });
  const { entries, unreadable, leftOut } = await readHistory(from, flags.last);
  if (unreadable > 0) progress.note(`${plural(unreadable, 'line')} could not be read and is left out`, 'important');
  if (leftOut > 0) progress.note(`${plural(leftOut, 'older run')} not looked at; --last takes more`);
  if (entries.length === 0) throw new PodreachError(`there is no run in ${from}`, { hint: BEGIN });
  const trends = narrowed(trendsOf(entries), flags);
  const lines =
    flags.reporter === 'json'
      ? historyJson(trends)
      : historyLines(trends, { colour, full: flags.full ?? false, ...(width && { width }) }).map((line) => `${line}\n`);
  await print(lines);
  return 0;
};

const BEGIN = '`podreach run --history DIR` begins a history';

const narrowed = (trends: readonly StepTrend[], { grep, endpoint }: HistoryFlags): readonly StepTrend[] => {
  const named = trends.map((trend) => ({ name: trend.scenario, trend }));
  const kept = (grep ? matching(named, grep) : named).map(({ trend }) => trend);
  if (kept.length === 0)
    throw new PodreachError(`no scenario's name matches ${grep}`, {
      hint: `the names are ${listed([...new Set(trends.map(({ scenario }) => scenario))])}`,
    });
  if (!endpoint) return kept;
  const matchers = endpoint.map(endMatcher);
  const isAsked = (name: string): boolean => matchers.some((matches) => matches(name));
  const narrow = kept.map((trend) => ({
    ...trend,
    cells: trend.cells.filter(({ from, to }) => isAsked(from) || isAsked(to)),
  }));
  const found = narrow.filter(({ cells }) => cells.length > 0);
  if (found.length > 0) return found;
  const ends = kept.flatMap(({ cells }) => cells.flatMap(({ from, to }) => [from, to]));
  throw new PodreachError(`no cell is from or to ${endpoint.join(' or ')}`, {
    hint: `the endpoints are ${listed([...new Set(ends)])}`,
  });
};
