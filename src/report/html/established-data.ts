/** What became of connections that were open before a step's change, as strips of time. */
import type { StepResult } from '../../matrix/index.ts';
import { durationText } from '../../stopwatch.ts';
import type { FollowedConnection } from '../../streams/index.ts';
import { flowFindings, flowName, flowNotes, flowText } from '../established.ts';
import { openParts, partOf } from './open-parts.ts';
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
    notes: flowNotes(established),
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
  const flows = turns.map(({ atMs, state }) => ({ atMs, isOpen: state === 'flows' }));
  const open = openParts(flows, forMs, (atMs) => partOf(atMs / spanMs));
  return { name: flowName(connection), text: flowText(connection), isWrong, isSeen: turns.length > 0, open };
};
