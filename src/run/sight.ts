/** What the recorders of watched cells have seen. */
import { serverKey } from '../probe/index.ts';
import type { Sample } from '../record/index.ts';
import { type Probe, probeKey } from '../scenario/index.ts';
import { type CellWatch, type Change, createAlive, type Kept } from '../watch/index.ts';
import type { StandingRecorder } from './standing-recorder.ts';

/** A cell that is watched. */
export interface Followed {
  readonly probe: Probe;
  readonly by: 'recorder' | 'matrix';
  readonly watch: CellWatch;
  readonly kept: Kept;
}

/** What a connection came to is known by then. */
const KNOWN_MS = 400;

/** All that began so long ago is known. */
export const knownAfterMs = (tickMs: number): number => KNOWN_MS + aliveWithin(tickMs);

/** A server that lives answers its own pod within this time, before and after. */
const aliveWithin = (tickMs: number): number => Math.max(300, 4 * tickMs);

export interface Recorded {
  readonly own: readonly Probe[];
  readonly recorder: StandingRecorder;
}

/** Returns a function that looks at what the recorders have seen until a time, and what became of the cells. */
export const createSight = (recorded: readonly Recorded[], followed: ReadonlyMap<string, Followed>, tickMs: number) => {
  const withinMs = aliveWithin(tickMs);
  const alive = createAlive(withinMs);
  const all = recorded.flatMap(({ own, recorder }) => own.map((probe, target) => ({ probe, recorder, target })));
  const [ownCells, others] = [true, false].map((isOwn) =>
    all.filter(({ probe }) => (probe.from === probe.to) === isOwn),
  );
  for (const { probe } of ownCells ?? []) alive.expect(serverKey(probe));
  const look = (
    cells: typeof all,
    beforeMs: number,
    soundOf: (probe: Probe, sample: Sample) => Sample,
  ): readonly (readonly [Followed, Change])[] =>
    cells.flatMap(({ probe, recorder, target }) => {
      const cell = followed.get(probeKey(probe)) as Followed;
      const samples = recorder.take(target, beforeMs).map((sample) => soundOf(probe, sample));
      return [...samples.flatMap((sample) => cell.watch.see(sample)), ...cell.watch.reach(beforeMs)].map(
        (change) => [cell, change] as const,
      );
    });
  return (nowMs: number): readonly (readonly [Followed, Change])[] => [
    ...look(ownCells ?? [], nowMs - KNOWN_MS, (probe, sample) => {
      alive.note(serverKey(probe), sample);
      // No policy can forbid it, so its silence is no verdict.
      return sample.outcome === 'answered' ? sample : { ...sample, outcome: null };
    }),
    ...look(others ?? [], nowMs - KNOWN_MS - withinMs, (probe, sample) => alive.sound(serverKey(probe), sample)),
  ];
};
