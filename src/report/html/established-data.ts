/** What became of connections that were open before a step's change, as strips of time. */
import type { StepResult } from '../../matrix/index.ts';
import { durationText } from '../../stopwatch.ts';
import type { FollowedConnection } from '../../streams/index.ts';
import { flowFindings, flowName, flowText } from '../established.ts';
import type { PageMeasured, PageStrip } from './page-data.ts';

/** undefined if nothing is known of any. Those that are not as expected come first. */
export const establishedOf = ({ established }: Pick<StepResult, 'established'>): PageMeasured | undefined => {
  const known = established?.connections.filter(({ broken }) => broken === undefined) ?? [];
  if (!established || known.length === 0) return undefined;
  const wrong = new Set(flowFindings({ established }));
  const spanMs = Math.max(1, ...known.map(({ forMs }) => forMs));
  const strips = known.map((one) => stripOf(one, wrong.has(one), spanMs));
  return {
    title: 'Established connections',
    how: `a request every ${durationText(established.tickMs)} over each`,
    times: [],
    notes: [],
    strips: {
      of: 'connection',
      scale: `from when the change was accepted to ${durationText(spanMs)} after it`,
      legend: 'A strip is thick while requests were answered.',
      accepted: 0,
      all: strips.toSorted((one, other) => Number(other.isWrong) - Number(one.isWrong)),
    },
  };
};

/** What is wrong is among the messages of the step. */
const stripOf = (connection: FollowedConnection, isWrong: boolean, spanMs: number): PageStrip => {
  const { turns, forMs } = connection;
  const placeOf = (atMs: number): number => Math.round(Math.min(1, Math.max(0, atMs / spanMs)) * 1000) / 1000;
  const open = turns.flatMap(({ atMs, state }, at): readonly (readonly [number, number])[] => {
    const part = [placeOf(atMs), placeOf(turns[at + 1]?.atMs ?? forMs)] as const;
    return state === 'flows' && part[0] < part[1] ? [part] : [];
  });
  return { name: flowName(connection), text: flowText(connection), isWrong, isSeen: turns.length > 0, open };
};
