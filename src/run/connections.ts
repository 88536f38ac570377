import { type Deployment, isService, questionOf } from '../deploy/index.ts';
import { PodreachError } from '../errors.ts';
import { pause } from '../pause.ts';
import { type Established, type Probe, portText, probeKey, probesIn } from '../scenario/index.ts';
import {
  type Carried,
  evaluateFlow,
  type FollowedConnection,
  type Following,
  NotOpen,
  openStream,
  SILENT_MS,
  type Span,
  type Stream,
  TICK_MS,
} from '../streams/index.ts';

/** When a step's change was made, on podreach's clock. */
export type Change = Pick<Span, 'fromMs' | 'acknowledgedMs'>;

/** The connections of a scenario that stay open while its steps change the world. */
export interface Connections {
  /**
   * Opens those that a step follows and the step before did not, and closes the others. What could not be opened is part of
   * what following them gives.
   */
  enter(established: readonly Established[] | undefined): Promise<void>;
  /** Follows those that are open, each for its time after a change. */
  follow(change: Change): Promise<Following>;
  close(): Promise<void>;
}

/** A connection of the scenario; its stream, or why there is none. */
interface Open {
  readonly probe: Probe;
  readonly wanted: Established;
  readonly stream: Stream | NotOpen;
  /** From each of its servers to itself. */
  readonly controls: readonly (Stream | NotOpen)[];
  readonly isOlder: boolean;
}

type Pods = Pick<Deployment, 'endpoints' | 'source' | 'topology' | 'families'>;

const POLL_MS = 20;
/** What was sent in time is known to be silent, or to be answered, after this time. */
const CONFIRM_MS = SILENT_MS + 200;

export const createConnections = (pods: Pods, signal: AbortSignal): Connections => {
  let open: readonly Open[] = [];

  const openOne = async (probe: Probe, wanted: Established): Promise<Open> => {
    const before = open.find((one) => probeKey(one.probe) === probeKey(probe));
    if (before) return { ...before, wanted, isOlder: true };
    const controls = await Promise.all(
      controlsOf(probe, pods.endpoints).map((control) => streamOf(control, pods, signal)),
    );
    return { probe, wanted, controls, stream: await streamOf(probe, pods, signal), isOlder: false };
  };
  const close = async (some: readonly Open[]): Promise<void> => {
    const streams = some.flatMap(({ stream, controls }) => [stream, ...controls]);
    await Promise.all(streams.map((stream) => (stream instanceof NotOpen ? undefined : stream.stop())));
  };

  return {
    enter: async (established = []) => {
      const probes = established.length > 0 ? probesIn(pods.topology, pods.families) : [];
      const wanted = established.flatMap((one) =>
        probes.filter((probe) => isSame(probe, one)).map((probe) => ({ probe, one })),
      );
      const keys = new Set(wanted.map(({ probe }) => probeKey(probe)));
      const isKept = ({ probe, stream }: Open): boolean => keys.has(probeKey(probe)) && !(stream instanceof NotOpen);
      const gone = open.filter((one) => !isKept(one));
      open = open.filter(isKept);
      await close(gone);
      const opened = await Promise.allSettled(wanted.map(({ probe, one }) => openOne(probe, one)));
      const failure = opened.find((one) => one.status === 'rejected');
      open = opened.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
      if (failure) throw failure.reason;
    },
    follow: async (change) => {
      const connections = await Promise.all(open.map((one) => followOne(one, change, signal)));
      return { tickMs: TICK_MS, connections };
    },
    close: async () => {
      const all = open;
      open = [];
      await close(all);
    },
  };
};

const isSame = (probe: Probe, { from, to, port, protocol }: Established): boolean =>
  probe.from === from && probe.to === to && probe.port === port && probe.protocol === protocol;

/** From each pod that may answer to itself. */
const controlsOf = (probe: Probe, endpoints: Pods['endpoints']): readonly Probe[] => {
  const to = endpoints.get(probe.to);
  if (!to) return [];
  const backends = isService(to)
    ? (to.translations.get(portText({ number: probe.port, protocol: probe.protocol }))?.backends ?? [])
    : [{ endpoint: probe.to, port: probe.port }];
  return backends.map(({ endpoint, port }) => ({ ...probe, from: endpoint, to: endpoint, port }));
};

const streamOf = async (probe: Probe, { endpoints, source }: Pods, signal: AbortSignal): Promise<Stream | NotOpen> => {
  const to = endpoints.get(probe.to);
  if (!to) throw new PodreachError(`no connection can be followed to ${probe.to}`);
  try {
    return await openStream(source(probe.from), questionOf(to, probe), probe.protocol, signal);
  } catch (error) {
    if (error instanceof NotOpen) return error;
    throw error;
  }
};

const followOne = async (
  { probe, wanted, stream, controls, isOlder }: Open,
  change: Change,
  signal: AbortSignal,
): Promise<FollowedConnection> => {
  const { expected, withinMs, forMs } = wanted;
  const head = {
    ...probe,
    expected,
    ...(withinMs !== undefined && { withinMs }),
    ...(isOlder && ({ isOlder } as const)),
  };
  if (stream instanceof NotOpen)
    return { ...head, forMs: 0, ...NOTHING, broken: { kind: 'not-open', why: stream.message } };
  const untilMs = Math.max(performance.now(), change.acknowledgedMs + forMs);
  await pauseUntil(() => performance.now() > untilMs, signal);
  await pauseUntil(() => performance.now() > untilMs + CONFIRM_MS || isAnswered(stream, untilMs), signal);
  const span: Span = { ...change, untilMs, nowMs: performance.now() };
  return {
    ...head,
    forMs: Math.round(untilMs - change.acknowledgedMs),
    ...evaluateFlow(carriedBy(stream), controls.map(carriedBy), span),
  };
};

const NOTHING = { turns: [], lost: 0, pauseMs: 0, errorMs: 0, ticks: [] };

const isAnswered = (stream: Stream, untilMs: number): boolean =>
  stream.ending() === null && stream.ticks().every(({ sentMs, answeredMs }) => answeredMs !== null || sentMs > untilMs);

const carriedBy = (stream: Stream | NotOpen): Carried =>
  stream instanceof NotOpen
    ? { ticks: [], ending: { kind: 'broken', atMs: Number.NEGATIVE_INFINITY, why: stream.message } }
    : { ticks: stream.ticks(), ending: stream.ending() };

const pauseUntil = async (isOver: () => boolean, signal: AbortSignal): Promise<void> => {
  while (!isOver()) await pause(POLL_MS, signal, 'following connections');
};
