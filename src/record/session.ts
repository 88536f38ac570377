import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Source } from '../deploy/index.ts';
import { PodreachError } from '../errors.ts';
import { createStream } from './stream.ts';

export interface SessionOptions {
  /** How long it goes on at most. */
  readonly lifetimeMs: number;
  readonly signal?: AbortSignal | undefined;
}

const BEGIN_MS = 15_000;
/** A recorder lives for whole seconds, and then needs a moment to end. */
const SLACK_MS = 5_000;
const END_MS = 3_000;

/** A command that is, or becomes, a recorder, and what it says. */
export interface Session {
  readonly stream: ReturnType<typeof createStream>;
  readonly say: (text: string) => void;
  readonly until: (isDone: (stream: Session['stream']) => boolean) => Promise<void>;
  readonly requireAlive: () => void;
  /** Aborted as soon as it is to end. */
  readonly ending: AbortSignal;
  readonly stop: () => Promise<void>;
}

export const openSession = (
  source: Source,
  argv: readonly string[],
  targets: number,
  { lifetimeMs, signal }: SessionOptions,
): Session => {
  const stream = createStream(targets);
  const stdin = new PassThrough();
  const deadlineMs = lifetimeMs + SLACK_MS;
  const cut = new AbortController();
  const ends = AbortSignal.any([cut.signal, ...(signal ? [signal] : [])]);
  let over: PodreachError | null = null;
  const ended = source
    .exec(argv, { deadlineMs, signal: ends, stdin, onStdout: stream.take })
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
  const stopping = new AbortController();
  return {
    stream,
    say: (text) => void stdin.write(text),
    requireAlive,
    until: async (isDone) => {
      const endMs = performance.now() + BEGIN_MS;
      while (!isDone(stream)) {
        requireAlive();
        if (performance.now() > endMs) throw new PodreachError(`the recorder in ${source.endpoint} did not begin`);
        await sleep(2);
      }
    },
    ending: stopping.signal,
    stop: async () => {
      stopping.abort();
      stdin.write('stop\n');
      await Promise.race([ended, sleep(END_MS, undefined, { ref: false })]);
      // A node that is gone ends nothing.
      cut.abort();
      await ended;
    },
  };
};

/** The image of a source does not have it. */
export class NoRecorder extends PodreachError {}

const noRecorder = (): NoRecorder =>
  new NoRecorder('the probe image has no /recorder, so nothing can be timed', {
    hint: 'docs/time.md says how an image gets it; without --record, enforceWithin and starts, or with `compare --no-record`, none is needed',
  });
