import type { Deployment } from '../deploy/index.ts';
import { PodreachError } from '../errors.ts';
import type { Situation } from '../matrix/index.ts';
import { type Starts, startFaultOf } from '../record/index.ts';
import type { Step, WantedStarts } from '../scenario/index.ts';
import { timed } from '../stopwatch.ts';
import { ALONE } from './change.ts';
import type { Stage } from './stage.ts';
import { type MeasuredBatch, type MeasuredStart, measureBatch, type Planned } from './start-batch.ts';
import { type StartList, startListOf } from './start-list.ts';

/** As many as two processors start without holding each other up much. */
const AT_ONCE = 4;
/** A start of which too little is known is repeated, up to so often. */
const ATTEMPTS = 3;

/** The starts that a step asks for, alone, because what starves would look closed. null if it asks for none. */
export const startsIn = async (
  { starts }: Step,
  situation: Situation,
  deployment: Deployment,
  stage: Stage,
): Promise<{ readonly value: Starts; readonly ms: number } | null> => {
  if (!starts) return null;
  stage.count?.phase('starting pods for');
  const flight = await stage.window.turn(ALONE, stage.signal);
  return timed(() => measureStarts(deployment, situation, starts, stage)).finally(flight.end);
};

/**
 * Starts pods like those of a step, again and again under its policies, on each node in turn, and measures for how long
 * their cells are not as the model says. Throws a PodreachError if a pod does not start, or has no cell to look at.
 */
export const measureStarts = async (
  deployment: Deployment,
  situation: Situation,
  wanted: WantedStarts,
  stage: Pick<Stage, 'signal' | 'settleTimeoutMs'>,
): Promise<Starts> => {
  const lists = wanted.pods.map((pod) => requireList(pod, startListOf(pod, situation, deployment.endpoints)));
  const { hostnames } = deployment.copies;
  let number = 0;
  const numbered = (one: Omit<Planned, 'number'>): Planned => {
    number += 1;
    return { ...one, number };
  };
  let left = Array.from({ length: wanted.count }, (_, at) =>
    lists.map((list) => {
      // On each node in turn, and from there to and from each other end.
      const [node, turn] = [at % hostnames.length, Math.floor(at / hostnames.length)];
      return numbered({ list, turn, hostname: hostnames[node] ?? '', attempt: 1 });
    }),
  ).flat();
  const batches: MeasuredBatch[] = [];
  const known: MeasuredStart[] = [];
  while (left.length > 0) {
    // Those that are repeated disturb each other less.
    const size = Math.max(1, AT_ONCE >> ((left[0]?.attempt ?? 1) - 1));
    const batch = left.slice(0, size);
    const measured = await measureBatch(deployment, situation, batch, stage);
    batches.push(measured);
    const isPoor = (at: number): boolean =>
      (batch[at]?.attempt ?? ATTEMPTS) < ATTEMPTS && !isKnown(measured.starts[at]);
    known.push(...measured.starts.filter((_, at) => !isPoor(at)));
    const again = batch.filter((_, at) => isPoor(at)).map((one) => numbered({ ...one, attempt: one.attempt + 1 }));
    left = [...left.slice(size), ...again];
  }
  await deployment.copies.untilGone();
  const { openAtMostMs, closedAtMostMs } = wanted;
  return {
    starts: known.map(({ start }) => start),
    cells: known.flatMap(({ cells }, start) => cells.map((cell) => ({ ...cell, start }))),
    atOnce: Math.min(AT_ONCE, wanted.count * lists.length),
    repeated: number - known.length,
    tickMs: Math.max(...batches.map(({ tickMs }) => tickMs)),
    clockErrorMs: Math.ceil(10 * Math.max(...batches.map(({ clockErrorMs }) => clockErrorMs))) / 10,
    deadlineMs: stage.settleTimeoutMs,
    unwatched: known.reduce((sum, { unwatched }) => sum + unwatched, 0),
    ...(openAtMostMs !== undefined && { openAtMostMs }),
    ...(closedAtMostMs !== undefined && { closedAtMostMs }),
  };
};

const isKnown = (measured: MeasuredStart | undefined): boolean =>
  measured?.cells.every((cell) => startFaultOf(cell, {}) !== 'unseen') ?? false;

const requireList = (pod: string, list: StartList | null): StartList => {
  if (list) return list;
  throw new PodreachError(`nothing can be measured when ${pod} starts: it has no TCP cell with a pod or a node`, {
    hint: 'give it, or another pod, a TCP port; cells that the model does not decide are not measured',
  });
};
