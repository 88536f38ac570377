import { allOrNone, allOrUndone } from '../all-or-none.ts';
import type { Copy, Deployment, PodEndpoint } from '../deploy/index.ts';
import type { Situation } from '../matrix/index.ts';
import { pause } from '../pause.ts';
import {
  type CellOfStart,
  evaluateStart,
  hasReached,
  type RecorderOptions,
  recorderArguments,
  type Start,
} from '../record/index.ts';
import { tickOf } from './record-change.ts';
import type { Stage } from './stage.ts';
import { incomingAt, type StartList } from './start-list.ts';
import { prepareRecorders, type SeenCell, type Sight, type StartRecorders } from './start-recorders.ts';
import { type Decide, deciderWith } from './start-situation.ts';

/** One start that is to be measured. */
export interface Planned {
  readonly list: StartList;
  /** How many starts of this pod were planned before it. */
  readonly turn: number;
  /** Different from those of all others. */
  readonly number: number;
  readonly hostname: string;
  /** The first is 1. */
  readonly attempt: number;
}

/** What is known of one start. */
export interface MeasuredStart {
  readonly start: Start;
  readonly cells: readonly CellOfStart[];
  readonly unwatched: number;
}

export interface MeasuredBatch {
  /** In order. */
  readonly starts: readonly MeasuredStart[];
  readonly tickMs: number;
  readonly clockErrorMs: number;
}

const READY_MS = 120_000;
/** What changes later than so long after all are ready is not seen. */
const WATCH_MS = 1_000;
/** What became of a connection is known after this time. */
const KNOWN_MS = 300;
const POLL_MS = 20;
const WHAT = 'measuring how pods start';
/** Of a cell's connections, those that prove its state. */
const LAST = 12;

/** Starts pods at the same time, and looks at them until each cell is as the model says, or the deadline is over. */
export const measureBatch = async (
  deployment: Deployment,
  situation: Situation,
  batch: readonly Planned[],
  stage: Pick<Stage, 'signal' | 'settleTimeoutMs'>,
): Promise<MeasuredBatch> => {
  const { signal, settleTimeoutMs } = stage;
  const tickMs = tickOf(batch.reduce((sum, one) => sum + cellsOf(one), 0));
  const options = { tickMs, lifetimeMs: READY_MS + settleTimeoutMs, signal };
  const copies = batch.map(({ list: { pod, outgoing }, number, hostname }): Copy => {
    const recorder = recorderArguments(
      outgoing.map(({ target }) => target),
      options,
    );
    return { pod, name: `podreach-start-${number}`, hostname, recorder };
  });
  let prepared: readonly StartRecorders[] = [];
  try {
    prepared = await prepareAll(deployment, batch, options);
    const recordersOf = new Map(copies.map((copy, at) => [copy, prepared[at]]));
    const endpoints = await deployment.copies.start(copies, {
      ...{ deadlineMs: READY_MS, signal },
      onAddresses: (copy, ...given) => recordersOf.get(copy)?.begin(...given),
    });
    const readyMs = performance.now();
    const placed = endpoints.map((endpoint, at) => ({ endpoint, copy: copies[at] as Copy }));
    const decide = deciderWith(situation, placed, deployment.endpoints);
    const sights = await allOrNone(
      prepared.map((one, at) => one.join(deployment.copies.source(endpoints[at] as PodEndpoint))),
    );
    const followed = sights.flatMap((sight, at) => followedIn(sight, copies[at] as Copy, decide));
    await untilReached(followed, sights, { readyMs, endMs: readyMs + settleTimeoutMs, signal });
    const endMs = performance.now();
    await pause(KNOWN_MS, signal, WHAT);
    for (const sight of sights) sight.requireAlive();
    return {
      starts: sights.map((sight, at) => ({
        start: { pod: copies[at]?.pod.endpoint ?? '', node: placed[at]?.endpoint.node ?? '' },
        cells: followed.filter((one) => one.sight === sight).map((one) => evaluated(one, endMs)),
        unwatched: sight.unwatched,
      })),
      tickMs,
      clockErrorMs: Math.max(0, ...sights.map((sight) => sight.clockErrorMs())),
    };
  } finally {
    await Promise.all(prepared.map((one) => one.stop()));
    await deployment.copies.remove(copies);
  }
};

const prepareAll = async (
  deployment: Deployment,
  batch: readonly Planned[],
  options: RecorderOptions,
): Promise<readonly StartRecorders[]> => {
  const preparing = batch.map((one) => prepareRecorders(deployment, one, options));
  return allOrUndone(preparing, (one) => one.stop());
};

const cellsOf = ({ list, turn }: Planned): number =>
  list.outgoing.length +
  list.ownPorts.length +
  incomingAt(list, turn).reduce((sum, { probes }) => sum + probes.length, 0);

/** A cell of which the model says whether it is to be open. */
interface Followed {
  readonly sight: Sight;
  readonly cell: SeenCell;
  readonly isAllowed: boolean;
}

const followedIn = (sight: Sight, copy: Copy, decide: Decide): readonly Followed[] =>
  sight.cells.flatMap((cell) => {
    const decision = decide(copy, cell.probe);
    return decision === 'unknown' ? [] : [{ sight, cell, isAllowed: decision === 'allow' }];
  });

const evaluated = ({ sight, cell, isAllowed }: Followed, endMs: number): CellOfStart => {
  const { probe, direction, peerNode, samples } = cell;
  const head = { ...probe, direction, peerNode, window: isAllowed ? ('closed' as const) : ('open' as const) };
  const servedMs = direction === 'ingress' && isAllowed ? sight.servedMs(probe) : sight.beganMs();
  // A server that never answered its own pod says nothing about policies.
  return servedMs === undefined
    ? evaluateStart(head, [], endMs, endMs)
    : evaluateStart(head, samples(), servedMs, endMs);
};

/** Resolves when each cell is as the model says and all have been looked at for a while, or at the end. */
const untilReached = async (
  followed: readonly Followed[],
  sights: readonly Sight[],
  { readyMs, endMs, signal }: { readonly readyMs: number; readonly endMs: number; readonly signal: AbortSignal },
): Promise<void> => {
  let left = followed;
  while ((left.length > 0 || performance.now() < readyMs + WATCH_MS) && performance.now() < endMs) {
    await pause(POLL_MS, signal, WHAT);
    for (const sight of sights) sight.requireAlive();
    left = left.filter(({ cell, isAllowed }) => !hasReached(cell.samples(LAST), isAllowed, readyMs));
  }
};
