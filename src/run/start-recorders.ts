import { allOrNone } from '../all-or-none.ts';
import { type Deployment, JOIN_RECORDER, type Source } from '../deploy/index.ts';
import {
  type ArmedRecorder,
  armRecorder,
  type CellOfStart,
  isOpen,
  joinRecorder,
  type Recorder,
  type RecorderOptions,
  type Sample,
} from '../record/index.ts';
import { familyOf, type Probe } from '../scenario/index.ts';
import { type Incoming, incomingAt, type StartList, targetAt } from './start-list.ts';

/** A cell of a start, and what is seen of it. */
export interface SeenCell extends Pick<CellOfStart, 'direction' | 'peerNode'> {
  readonly probe: Probe;
  samples(last?: number): readonly Sample[];
}

/** What the recorders of one start see. */
export interface Sight {
  readonly cells: readonly SeenCell[];
  /** Cells to the pod that were not watched from its first moment. */
  readonly unwatched: number;
  /** When its container started. */
  beganMs(): number;
  /** When its server first answered the pod itself where this probe leads; undefined if it never did. */
  servedMs(probe: Probe): number | undefined;
  clockErrorMs(): number;
  requireAlive(): void;
}

/** The recorders of one start: its own, and one in each other end that tries to reach it. */
export interface StartRecorders {
  /** The others begin. To be called when the cluster has given the pod its addresses; `early`: before its container starts. */
  begin(addresses: readonly string[], early: boolean): void;
  /** Resolves when all run; the pod is ready, and this is its source. */
  join(source: Source): Promise<Sight>;
  stop(): Promise<void>;
}

/** Prepares the recorders in the other ends, before the pod is created. */
export const prepareRecorders = async (
  deployment: Pick<Deployment, 'source'>,
  { list, turn }: { readonly list: StartList; readonly turn: number },
  options: RecorderOptions,
): Promise<StartRecorders> => {
  const { pod, outgoing, ownPorts } = list;
  const incoming = incomingAt(list, turn);
  const armed: (Incoming & { readonly recorder: ArmedRecorder })[] = [];
  const stopArmed = () => Promise.all(armed.map(({ recorder }) => recorder.stop()));
  const arm = async (one: Incoming): Promise<void> => {
    const recorder = await armRecorder(deployment.source(one.from), one.probes.length, options);
    armed.push({ ...one, recorder });
  };
  await allOrNone(incoming.map(arm)).catch(async (error: unknown) => {
    await stopArmed();
    throw error;
  });
  let own: Recorder | undefined;
  let given: readonly string[] = [];
  let others: Promise<readonly (readonly [Recorder, readonly SeenCell[]])[]> = Promise.resolve([]);
  return {
    begin: (addresses, early) => {
      given = addresses;
      if (!early) return;
      others = allOrNone(
        armed.map(async ({ probes, node: peerNode, recorder: ready }) => {
          const found = probes.flatMap((probe) => {
            const target = targetAt(addresses, pod, probe);
            return target ? [{ probe, target }] : [];
          });
          const recorder = await ready.start(found.map(({ target }) => target));
          const cells = found.map(({ probe }, at): SeenCell => {
            return { probe, direction: 'ingress', peerNode, samples: (last) => recorder.samples(at, last) };
          });
          return [recorder, cells] as const;
        }),
      );
      // Whoever joins hears of it.
      others.catch(() => undefined);
    },
    join: async (source) => {
      const recorder = await joinRecorder(
        source,
        JOIN_RECORDER,
        outgoing.length + given.length * ownPorts.length,
        options,
      );
      own = recorder;
      const running = await others;
      const recorders = [recorder, ...running.map(([one]) => one)];
      const incomingCells = running.flatMap(([, cells]) => cells);
      const wanted = incoming.reduce((sum, { probes }) => sum + probes.length, 0);
      return {
        cells: [
          ...outgoing.map(({ probe, peerNode }, at): SeenCell => {
            return { probe, direction: 'egress', peerNode, samples: (last) => recorder.samples(at, last) };
          }),
          ...incomingCells,
        ],
        unwatched: wanted - incomingCells.length,
        beganMs: () => recorder.beganMs(),
        servedMs: ({ port, family }) => {
          const address = given.findIndex((one) => family === undefined || familyOf(one) === family);
          const at = outgoing.length + address * ownPorts.length + ownPorts.indexOf(port);
          return recorder.samples(at).find(isOpen)?.atMs;
        },
        clockErrorMs: () => Math.max(...recorders.map((one) => one.clockErrorMs())),
        requireAlive: () => {
          for (const one of recorders) one.requireAlive();
        },
      };
    },
    stop: async () => {
      await Promise.all([own?.stop(), stopArmed()]);
    },
  };
};
