/** What became of connections that were open before a step's change: a line for each, and what is wrong. */
import type { StepResult } from '../matrix/index.ts';
import { type FlowExpectation, portText } from '../scenario/index.ts';
import { durationText } from '../stopwatch.ts';
import {
  type BrokenFlow,
  type FlowState,
  type FollowedConnection,
  type Following,
  flowFaultOf,
} from '../streams/index.ts';
import { andMore, plural, printable } from '../text.ts';

const BAR_WIDTH = 30;
const TURNS_AT_MOST = 6;

type Followed = Pick<StepResult, 'established'>;

/** Those that are not as expected, or of which nothing is known. */
export const flowFindings = ({ established }: Followed): readonly FollowedConnection[] =>
  established?.connections.filter((one) => one.broken !== undefined || flowFaultOf(one) !== null) ?? [];

/** How many of them there are, in words. */
export const flowCounts = (step: Followed): readonly string[] => {
  const findings = flowFindings(step);
  const broken = findings.filter((one) => one.broken !== undefined).length;
  return [...countText(findings.length - broken, 'not as expected'), ...countText(broken, 'broken')];
};

const countText = (count: number, what: string): readonly string[] =>
  count === 0 ? [] : [`${plural(count, 'established connection')} ${what}`];

/** One line for each of them. */
export const flowFindingLines = (step: Followed): string[] => flowFindings(step).map(flowFindingText);

/** What is wrong with a connection, on one line. */
export const flowFindingText = (connection: FollowedConnection): string => {
  const { expected, withinMs, broken } = connection;
  const within = withinMs === undefined ? '' : ` within ${durationText(withinMs)}`;
  const what = broken
    ? brokenText(broken)
    : `expected ${expected === null ? 'nothing' : EXPECTED[expected]}${within}, ${seenText(connection)}`;
  return `established ${flowName(connection)}: ${what}`;
};

const EXPECTED: Readonly<Record<FlowExpectation, string>> = {
  flows: 'to flow',
  stops: 'to stop',
  stalls: 'to fall silent',
  resets: 'to be reset',
};

const brokenText = (broken: BrokenFlow): string => {
  switch (broken.kind) {
    case 'not-open':
      return `not open before the change: ${printable(broken.why)}`;
    case 'tool':
      return `what carried it ended: ${printable(broken.why)}`;
    case 'server':
      return 'its server did not answer itself either, which says nothing about policies';
    case 'unproven':
      return 'its source was too busy to show whether it flows';
  }
};

/** A timeline for each connection, from when the change was accepted. */
export const flowLines = ({ established }: Followed): string[] => {
  if (!established) return [];
  const { tickMs, connections } = established;
  const known = connections.filter(({ broken }) => broken === undefined);
  if (known.length === 0) return [...flowNotes(established)];
  const markMs = Math.ceil(Math.max(...known.map(({ forMs }) => forMs)) / BAR_WIDTH);
  const width = Math.max(...known.map((one) => flowName(one).length));
  return [
    `established connections (a request every ${tickMs} ms), from when the change was accepted, ${markMs} ms a mark:`,
    ...known.map((one) => `  ${flowName(one).padEnd(width)}  ${barOf(one, markMs)}  ${flowText(one)}`),
    ...flowNotes(established),
  ];
};

/** How it was followed, if not at the first attempt. */
export const flowNotes = ({ repeated = 0 }: Following): readonly string[] =>
  repeated === 0
    ? []
    : [
        `the change was made ${plural(repeated + 1, 'time')}, because a source was too busy to show what became of a connection`,
      ];

/** Its states, and what it carried. */
export const flowText = (connection: FollowedConnection): string =>
  `${seenText(connection)}; ${carriedText(connection)}`;

export const flowName = ({ from, to, port, protocol, family, isOlder }: FollowedConnection): string =>
  `${printable(from)} -> ${printable(to)} ${portText({ number: port, protocol })}${family === undefined ? '' : ` over ${family}`}${isOlder ? ' (still)' : ''}`;

/** With the marks of the matrix: . while it flowed, X while it did not. */
const barOf = ({ turns, forMs }: FollowedConnection, markMs: number): string =>
  Array.from({ length: BAR_WIDTH }, (_, mark) => {
    if (mark * markMs >= forMs) return ' ';
    return turns.findLast(({ atMs }) => atMs <= mark * markMs)?.state === 'flows' ? '.' : 'X';
  }).join('');

/** Its states with their times, `silent from 112 ms on`. */
const seenText = ({ turns, forMs, errorMs }: FollowedConnection): string => {
  const [first, ...later] = turns;
  if (!first) return 'nothing is known';
  if (later.length === 0) return STAYED[first.state](durationText(forMs));
  const shown = later.slice(0, TURNS_AT_MOST).map(({ atMs, state }) => `${BECAME[state]} ${momentText(atMs)}`);
  const beginning = first.state === 'flows' ? [] : [`${first.state} at first`];
  const more = andMore(later.length - TURNS_AT_MOST);
  return `${[...beginning, ...shown].join(', ')}${more} (within ${durationText(errorMs)})`;
};

const STAYED: Readonly<Record<FlowState, (time: string) => string>> = {
  flows: (time) => `flowed for ${time}`,
  silent: (time) => `silent for ${time}`,
  reset: () => 'reset before the change',
};

const BECAME: Readonly<Record<FlowState, string>> = {
  flows: 'flows again',
  silent: 'falls silent',
  reset: 'is reset',
};

const momentText = (atMs: number): string =>
  atMs < 0 ? `${durationText(-atMs)} before the change was accepted` : `after ${durationText(atMs)}`;

const carriedText = ({ ticks, lost, pauseMs }: FollowedConnection): string => {
  const after = ticks.filter(({ atMs }) => atMs >= 0);
  const answered = after.filter(({ tookMs }) => tookMs !== null).length;
  const bytes = after.reduce((sum, one) => sum + one.bytes, 0);
  return [
    `${answered} of ${plural(after.length, 'request')} answered`,
    `${bytes} bytes`,
    `at most ${durationText(pauseMs)} between answers`,
    ...(lost > 0 ? [`${lost} lost, which says nothing about policies`] : []),
  ].join(', ');
};
