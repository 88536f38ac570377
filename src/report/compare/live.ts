/** What running pods showed of a comparison, in words for every format. */
import type { CellGroup, ComparedResult, Comparison, LiveProof, Untimed } from '../../compare/index.ts';
import type { StepResult } from '../../matrix/index.ts';
import { durationText } from '../../stopwatch.ts';
import { plural } from '../../text.ts';
import { type Outcome, outcomeOf, outcomeText, tookMs } from '../outcome.ts';
import { stepFindings } from '../step-findings.ts';

/** One of the two states. */
export interface LiveState {
  /** `live, before the change` */
  readonly title: string;
  /** With what it is a state of. */
  readonly name: string;
  readonly outcome: Outcome;
  /** On one line; not printable yet. */
  readonly text: string;
  /** Printable. */
  readonly lines: readonly string[];
  readonly tookMs: number;
}

export const liveStates = ({ name, live }: Pick<Comparison, 'name' | 'live'>): readonly LiveState[] =>
  live?.steps.map((step) => {
    const title = `live, ${step.name} the change`;
    const outcome = outcomeOf(step);
    const text = outcome === 'passed' ? passedText(step, live) : outcomeText(step);
    const lines = stepFindings(step).flat();
    return { title, name: `${name}: ${title}`, outcome, text, lines, tookMs: tookMs(step) };
  }) ?? [];

/** `132 cells as predicted; the change was in force after 41 ms` */
const passedText = (step: StepResult, { untimed }: LiveProof): string =>
  [
    `${plural(step.cells.filter(({ status }) => status === 'match').length, 'cell')} as predicted`,
    ...switchText(step, untimed),
  ].join('; ');

const UNTIMED: Readonly<Record<Untimed, string>> = {
  pods: 'the switch was not timed, because pods are new or replaced, and everything is open while they are proven to be reached',
  services: 'the switch was not timed, because Services or outside hosts differ, so each state had pods of its own',
  'not-asked': 'the switch was not timed (--no-record)',
  planned: 'the switch was not timed, because the changes were made one by one, too',
};

const switchText = ({ name, recording }: StepResult, untimed: Untimed | undefined): readonly string[] => {
  if (name !== 'after') return [];
  if (untimed) return [UNTIMED[untimed]];
  const times = recording?.cells.flatMap(({ enforcedMs }) => enforcedMs ?? []) ?? [];
  const steady = recording?.cells.filter(({ direction }) => direction === 'steady').length ?? 0;
  return [
    ...(times.length > 0 ? [`the change was in force after ${durationText(Math.max(...times))}`] : []),
    ...(steady > 0 ? [`${plural(steady, 'cell')} that must not change never did`] : []),
  ];
};

/** How it was found out. */
export const howText = ({ comparisons }: Pick<ComparedResult, 'comparisons'>): string =>
  comparisons.some(({ live }) => live) ? 'predicted, then seen live' : 'predicted';

/** The worst that was seen; null if nothing was run. */
export const liveOutcome = ({ comparisons }: Pick<ComparedResult, 'comparisons'>): Outcome | null => {
  const outcomes = new Set(comparisons.flatMap((one) => liveStates(one).map(({ outcome }) => outcome)));
  return (['error', 'skipped', 'failed', 'passed'] as const).find((one) => outcomes.has(one)) ?? null;
};

/** `seen live`, `3 of 4 seen live`, `1 of 4 seen otherwise live`; empty without a live proof. */
export const seenText = ({ live, cells }: Pick<CellGroup, 'live' | 'cells'>): string => {
  if (!live) return '';
  const { alike, otherwise } = live;
  if (otherwise > 0) return `${otherwise} of ${cells} NOT so live`;
  return alike === cells ? 'seen live' : `${alike} of ${cells} seen live`;
};
