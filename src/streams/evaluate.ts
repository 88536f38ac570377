import type { BrokenFlow, FlowState, FlowTick, FollowedConnection } from './following.ts';
import { SILENT_MS, type Silence, silencesIn } from './silences.ts';
import { type Ending, TICK_MS, type Tick } from './tick.ts';

/** What a stream has carried by now. */
export interface Carried {
  readonly ticks: readonly Tick[];
  readonly ending: Ending | null;
}

/** When it was followed, on podreach's clock. */
export interface Span {
  /** When the change began to be made. */
  readonly fromMs: number;
  /** When the API server had accepted all of it; all times count from then. */
  readonly acknowledgedMs: number;
  readonly untilMs: number;
  /** When it was looked at: what was sent by `untilMs` has been answered by then, or never. */
  readonly nowMs: number;
}

type Facts = Pick<FollowedConnection, 'turns' | 'lost' | 'pauseMs' | 'errorMs' | 'ticks' | 'broken'>;

/**
 * What became of a stream. The controls carry the same from its servers to themselves, which no policy can forbid: where
 * one of them is silent or ends, a silence or an end of the stream proves nothing.
 */
export const evaluateFlow = (stream: Carried, controls: readonly Carried[], span: Span): Facts => {
  const { acknowledgedMs, untilMs } = span;
  const ticks = stream.ticks.filter(({ sentMs }) => sentMs >= span.fromMs && sentMs <= untilMs);
  const turns = turnsOf(stream, span);
  const facts = {
    lost: silencesIn(ticks, span.nowMs).lost,
    ...exactness(ticks, silencesIn(stream.ticks, span.nowMs).silences),
    ticks: ticks.map((tick) => tickOf(tick, acknowledgedMs)),
  };
  const broken = whyBroken(stream, ticks, turns, controls, span);
  if (broken) return { ...facts, turns: [], broken };
  return { ...facts, turns: turns.map(({ atMs, state }) => ({ atMs: rounded(atMs - acknowledgedMs), state })) };
};

interface Turn {
  readonly atMs: number;
  readonly state: FlowState;
}

/** The state when the change began, and each other one until the end; a state that does not change is no turn. */
const turnsOf = ({ ticks, ending }: Carried, { fromMs, untilMs, nowMs }: Span): readonly Turn[] => {
  const sent = ticks.filter(({ sentMs }) => sentMs <= untilMs);
  const all: readonly Turn[] = [
    { atMs: Number.NEGATIVE_INFINITY, state: 'flows' },
    ...silencesIn(sent, nowMs).silences.flatMap((silence): readonly Turn[] => [
      // What was answered last before the change is no sign that it stopped before.
      { atMs: silence.metMs < fromMs ? silence.fromMs : Math.max(silence.fromMs, fromMs), state: 'silent' },
      ...(silence.toMs === null ? [] : [{ atMs: silence.toMs, state: 'flows' } as const]),
    ]),
    ...(ending?.kind === 'reset' && ending.atMs <= untilMs ? [{ atMs: ending.atMs, state: 'reset' } as const] : []),
  ];
  const before = all.findLast(({ atMs }) => atMs < fromMs) ?? { state: 'flows' };
  return [{ atMs: fromMs, state: before.state }, ...all.filter(({ atMs }) => atMs >= fromMs)];
};

const whyBroken = (
  { ending }: Carried,
  ticks: readonly Tick[],
  turns: readonly Turn[],
  controls: readonly Carried[],
  { fromMs, untilMs, nowMs }: Span,
): BrokenFlow | null => {
  if (ending?.kind === 'broken') return { kind: 'tool', why: ending.why };
  const stopped = turns.findLast(({ state }) => state !== 'flows');
  const isServed = ({ ticks: own, ending: end }: Carried): boolean =>
    end === null &&
    own.some(({ sentMs, answeredMs }) => answeredMs !== null && sentMs > (stopped?.atMs ?? fromMs)) &&
    silencesIn(own, nowMs).silences.every(({ toMs }) => toMs !== null && toMs < fromMs);
  if (stopped && (controls.length === 0 || !controls.every(isServed))) return { kind: 'server' };
  if (turns.at(-1)?.state === 'reset') return null;
  // What its shell did not pass on says nothing about the way, and nothing may have been passed on for long.
  const passed = ticks.flatMap(({ passedMs }) => passedMs ?? []);
  const gaps = [fromMs, ...passed, untilMs].map((atMs, at, all) => atMs - (all[at - 1] ?? atMs));
  return Math.max(...gaps) > SILENT_MS ? { kind: 'unproven' } : null;
};

const exactness = (ticks: readonly Tick[], silences: readonly Silence[]): Pick<Facts, 'pauseMs' | 'errorMs'> => {
  const isIn = ({ sentMs }: Tick): boolean =>
    silences.some(({ metMs, toMs }) => sentMs >= metMs && sentMs <= (toMs ?? Number.POSITIVE_INFINITY));
  const answers = ticks.flatMap(({ answeredMs }) => answeredMs ?? []).toSorted((one, other) => one - other);
  const trips = ticks.flatMap((tick) => (tick.answeredMs === null || isIn(tick) ? [] : tick.answeredMs - tick.sentMs));
  const apart = ticks.slice(1).map(({ sentMs }, at) => sentMs - (ticks[at]?.sentMs ?? sentMs));
  return {
    pauseMs: rounded(Math.max(0, ...answers.slice(1).map((atMs, at) => atMs - (answers[at] ?? atMs)))),
    errorMs: Math.ceil(Math.max(TICK_MS, ...apart) + Math.max(0, ...trips)),
  };
};

const tickOf = ({ sentMs, answeredMs, bytes }: Tick, acknowledgedMs: number): FlowTick => ({
  atMs: rounded(sentMs - acknowledgedMs),
  bytes,
  tookMs: answeredMs === null ? null : rounded(answeredMs - sentMs),
});

/** To a tenth of a millisecond. */
const rounded = (ms: number): number => Math.round(ms * 10) / 10;
