import type { Source } from '../deploy/index.ts';
import { pauseUnlessOver } from '../pause.ts';
import type { Sample } from './samples.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';

/** An address and a TCP port. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

export interface RecorderOptions extends SessionOptions {
  readonly tickMs: number;
}

/** Connections that start from one source, again and again. */
export interface Recorder {
  /** A target's connections so far, in the order in which they began; at most so many of the last ones. */
  samples(target: number, last?: number): readonly Sample[];
  /** The same, but only those that began before this, and they are forgotten: for a recorder that runs for long. */
  take(target: number, beforeMs: number): readonly Sample[];
  /** When it began, by podreach's clock. */
  beganMs(): number;
  /** How far its clock may be off. */
  clockErrorMs(): number;
  /** Throws a PodreachError if it broke off. */
  requireAlive(): void;
  /** Ends it. Its samples stay. */
  stop(): Promise<void>;
}

/** Silence counts after this time. A lost SYN would be sent again after 1 s. */
const TIMEOUT_MS = 250;
const QUESTIONS = 5;
const QUESTION_EVERY_MS = 100;

/** The recorder of the probe image; the rest comes as its arguments. */
const SCRIPT = '[ ! -x /recorder ] || exec /recorder "$@"; echo missing';
/** The same, but its targets come later, as a line of its input. They are addresses and ports. */
const ARMED_SCRIPT =
  '[ -x /recorder ] || { echo missing; exit; }; echo armed; read -r targets && [ "$targets" != stop ] && exec /recorder "$@" $targets';

/** What the program in the image is started with. */
export const recorderArguments = (
  targets: readonly Target[],
  { tickMs, lifetimeMs }: RecorderOptions,
): readonly string[] => [...[tickMs, TIMEOUT_MS, Math.ceil(lifetimeMs / 1000)].map(String), ...targets.map(targetText)];

const targetText = ({ host, port }: Target): string => `${host},${port}`;

/**
 * Starts the recorder in a source, in one exec, and resolves when its connections and its clock are known to run. Throws a
 * PodreachError if that does not happen.
 */
export const startRecorder = (
  source: Source,
  targets: readonly Target[],
  options: RecorderOptions,
): Promise<Recorder> =>
  follow(source, ['sh', '-c', SCRIPT, 'recorder', ...recorderArguments(targets, options)], targets.length, options);

/**
 * The same for a recorder that runs in a source since its container started (`Copy`), with so many targets: what it has
 * seen so far comes first. The script joins its input and output.
 */
export const joinRecorder = (
  source: Source,
  script: string,
  targets: number,
  options: RecorderOptions,
): Promise<Recorder> => follow(source, ['sh', '-c', script, 'join'], targets, options);

/** One that is ready to start as soon as its targets are known, which then takes no exec. */
export interface ArmedRecorder {
  start(targets: readonly Target[]): Promise<Recorder>;
  /** Ends it, whether it was started or not. */
  stop(): Promise<void>;
}

/** Prepares a recorder for so many targets at most. Throws a PodreachError as `startRecorder` does. */
export const armRecorder = async (
  source: Source,
  targets: number,
  options: RecorderOptions,
): Promise<ArmedRecorder> => {
  const argv = ['sh', '-c', ARMED_SCRIPT, 'recorder', ...recorderArguments([], options)];
  const session = openSession(source, argv, targets, options);
  await orStop(session, () => session.until((stream) => stream.hasHeard('armed')));
  return {
    start: (found) => {
      session.say(`${found.map(targetText).join(' ')}\n`);
      return begun(session);
    },
    stop: session.stop,
  };
};

const follow = (...session: Parameters<typeof openSession>): Promise<Recorder> => begun(openSession(...session));

const orStop = async ({ stop }: Session, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Resolves when its connections and its clock are known to run. */
const begun = async (session: Session): Promise<Recorder> => {
  const { stream, say, until, requireAlive, ending, stop } = session;
  await orStop(session, async () => {
    await until(() => stream.hasHeard('begin'));
    for (let asked = 1; asked <= QUESTIONS; asked += 1) {
      say(stream.question());
      await until(() => stream.clock.answers >= asked);
    }
    requireAlive();
  });
  void askAgain(() => say(stream.question()), ending);
  return {
    samples: stream.samples,
    take: stream.takeSamples,
    beganMs: () => stream.clock.toOwn(0),
    clockErrorMs: () => stream.clock.errorMs,
    requireAlive,
    stop,
  };
};

/** Later answers may have been quicker, which makes the clock more exact. */
const askAgain = async (ask: () => unknown, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    ask();
    await pauseUnlessOver(QUESTION_EVERY_MS, signal);
  }
};
