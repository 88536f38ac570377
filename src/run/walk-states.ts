import { pause } from '../pause.ts';
import { type Probe, probeKey, type ReadPolicy } from '../scenario/index.ts';
import type { Walk, WalkedState, WatchedCell, WatchResult } from '../watch/index.ts';
import { watchCells } from './watch-cells.ts';
import type { OwnWorld } from './world.ts';

export interface WalkOptions {
  /** Whether a cell is watched, whatever its family; over IPv6 none is, because nothing is planned for it. */
  readonly isWatched: (probe: Probe) => boolean;
  /** By recorders, as far as possible. */
  readonly recording: boolean;
  /** How long cells may take to be seen in a state. */
  readonly seenWithinMs: number;
  readonly signal: AbortSignal;
}

const TICK_MS = 15;
const POLL_MS = 50;

/**
 * Goes from the first of these states to the last, one by one. The next change is made when the nodes have followed the one
 * before and each watched cell has been seen since. The cells are watched from before the first change to the end.
 */
export const walkStates = async (
  world: OwnWorld,
  [first = [], ...others]: readonly (readonly ReadPolicy[])[],
  { isWatched, recording, seenWithinMs, signal }: WalkOptions,
): Promise<Walk> => {
  const wanted = world.probes.filter(
    ({ family, ...probe }) => probe.from !== probe.to && family !== 'IPv6' && isWatched(probe),
  );
  const targets = new Set(wanted.map(({ to }) => to));
  // A server that does not even answer its own pod proves nothing about policies.
  const own = world.probes.filter(({ from, to }) => from === to && targets.has(to));
  let seen: readonly WatchedCell[] = [];
  const done = new AbortController();
  const begun = Promise.withResolvers<void>();
  await world.become(first);
  const watching = watchCells(
    { ...world, probes: [...own, ...wanted], isRecordable: (probe) => recording && world.isRecordable(probe) },
    {
      ...{ leastTickMs: TICK_MS, signal: AbortSignal.any([signal, done.signal]) },
      onBegin: begun.resolve,
      onEvent: () => {},
      onState: ({ cells }) => {
        seen = cells;
      },
    },
  );
  watching.catch(begun.reject);
  const untilSeen = async (sinceMs: number): Promise<readonly Probe[]> => {
    const endMs = performance.now() + seenWithinMs;
    for (;;) {
      const left = unseenSince(wanted, seen, sinceMs);
      if (left.length === 0 || performance.now() > endMs) return left;
      await pause(POLL_MS, signal, 'the proof');
    }
  };
  const states: WalkedState[] = [];
  try {
    await begun.promise;
    states.push({ fromMs: now(), enforcedMs: 0, unseen: await untilSeen(now()) });
    for (const policies of others) {
      const fromMs = now();
      await world.become(policies);
      const enforcedMs = now() - fromMs;
      states.push({ fromMs, enforcedMs, unseen: await untilSeen(fromMs + enforcedMs) });
      await world.requirePolicies();
    }
  } finally {
    done.abort();
    await watching.catch(() => {});
  }
  return { states, watched: withoutOwn(await watching) };
};

const now = (): number => Math.round(performance.timeOrigin + performance.now());

const unseenSince = (wanted: readonly Probe[], cells: readonly WatchedCell[], sinceMs: number): readonly Probe[] => {
  const seen = new Set(cells.flatMap((cell) => ((cell.seenMs ?? 0) > sinceMs ? probeKey(cell) : [])));
  return wanted.filter((probe) => !seen.has(probeKey(probe)));
};

const withoutOwn = ({ cells, ...result }: WatchResult): WatchResult => ({
  ...result,
  cells: cells.filter(({ from, to }) => from !== to),
});
