import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Source } from '../deploy/index.ts';
import { PodreachError } from '../errors.ts';
import type { Sample } from './samples.ts';
import { createStream } from './stream.ts';

/** An address and a TCP port. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

export interface RecorderOptions {
  readonly tickMs: number;
  /** How long it records at most. */
  readonly lifetimeMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Connections that start from one source, again and again. */
export interface Recorder {
  /** A target's connections so far, in the order in which they began; at most so many of the last ones. */
  samples(target: number, last?: number): readonly Sample[];
  /** The same, but only those that began before this, and they are forgotten: for a recorder that runs for long. */
  take(target: number, beforeMs: number): readonly Sample[];
  /** How far its clock may be off. */
  clockErrorMs(): number;
  /** Throws a PodreachError if it broke off. */
  requireAlive(): void;
  /** Ends it. Its samples stay. */
  stop(): Promise<void>;
}

/** Silence counts after this time. A lost SYN would be sent again after 1 s. */
const TIMEOUT_MS = 250;
const BEGIN_MS = 15_000;
const SLACK_MS = 5_000;
const END_MS = 3_000;
const QUESTIONS = 5;
const QUESTION_EVERY_MS = 100;

/** The recorder of the probe image; the rest comes as its arguments. */
const SCRIPT = '[ ! -x /recorder ] || exec /recorder "$@"; echo missing';

/**
 * Starts the recorder in a source, in one exec, and resolves when its connections and its clock are known to run. Throws a
 * PodreachError if that does not happen.
 */
export const startRecorder = async (
  source: Source,
  targets: readonly Target[],
  { tickMs, lifetimeMs, signal }: RecorderOptions,
): Promise<Recorder> => {
  const stream = createStream(targets.length);
  const stdin = new PassThrough();
  const seconds = Math.ceil(lifetimeMs / 1000);
  const numbers = [tickMs, TIMEOUT_MS, seconds].map(String);
  const argv = ['sh', '-c', SCRIPT, 'recorder', ...numbers, ...targets.map(({ host, port }) => `${host},${port}`)];
  const cut = new AbortController();
  const ends = AbortSignal.any([cut.signal, ...(signal ? [signal] : [])]);
  let over: PodreachError | null = null;
  const ended = source
    .exec(argv, { deadlineMs: seconds * 1000 + SLACK_MS, signal: ends, stdin, onStdout: stream.take })
    .then(() => {
      over = new PodreachError(`the recorder in ${source.endpoint} ended by itself`);
    })
    .catch((error: unknown) => {
      over = error instanceof PodreachError ? error : new PodreachError(`the recorder in ${source.endpoint} failed`);
    });
  const requireAlive = (): void => {
    if (stream.hasHeard('missing')) throw noRecorder();
    if (over) throw over;
  };
  const until = async (isDone: () => boolean): Promise<void> => {
    const endMs = performance.now() + BEGIN_MS;
    while (!isDone()) {
      requireAlive();
      if (performance.now() > endMs) throw new PodreachError(`the recorder in ${source.endpoint} did not begin`);
      await sleep(2);
    }
  };
  const stopping = new AbortController();
  const stop = async (): Promise<void> => {
    stopping.abort();
    stdin.write('stop\n');
    await Promise.race([ended, sleep(END_MS, undefined, { ref: false })]);
    // A node that is gone ends nothing.
    cut.abort();
    await ended;
  };
  try {
    await until(() => stream.hasHeard('begin'));
    for (let asked = 1; asked <= QUESTIONS; asked += 1) {
      stdin.write(stream.question());
      await until(() => stream.clock.answers >= asked);
    }
    requireAlive();
  } catch (error) {
    await stop();
    throw error;
  }
  void askAgain(() => stdin.write(stream.question()), stopping.signal);
  return {
    samples: stream.samples,
    take: stream.takeSamples,
    clockErrorMs: () => stream.clock.errorMs,
    requireAlive,
    stop,
  };
};

/** The image of a source does not have it. */
export class NoRecorder extends PodreachError {}

const noRecorder = (): NoRecorder =>
  new NoRecorder('the probe image has no /recorder, so nothing can be timed', {
    hint: 'docs/time.md says how an image gets it; without --record and enforceWithin, or with `compare --no-record`, none is needed',
  });

/** Later answers may have been quicker, which makes the clock more exact. */
const askAgain = async (ask: () => unknown, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    ask();
    await sleep(QUESTION_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
};
