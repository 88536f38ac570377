import { PodreachError } from '../errors.ts';
import { silent } from '../progress.ts';
import { openSession, type Session } from '../run/index.ts';
import { guard } from './guard.ts';
import { clusterKey, type DescribeOptions, leaseFor } from './options.ts';
import { onSignal } from './signals.ts';

interface Open {
  readonly session: Session;
  /** For when nothing of it is left. */
  readonly callOffGuard: () => void;
}

/** The sessions of this process, one for each cluster. */
const sessions = new Map<string, Open>();

let stopListening = (): void => {};
let interrupted = false;

/** The session on the cluster of these options, which the first that asks opens. */
export const sessionFor = (options: DescribeOptions): Session => {
  if (interrupted) throw new PodreachError('the run was interrupted');
  const key = clusterKey(options);
  const open = sessions.get(key);
  if (open) return open.session;
  const { settleTimeoutMs = 30_000, timeoutMs = TIMEOUT_MS, evidence, progress = silent } = options;
  const callOffGuard = guard(options);
  const session = openSession((signal) => leaseFor(options, signal), {
    settleTimeoutMs,
    timeoutMs,
    evidence,
    progress,
  });
  if (sessions.size === 0)
    stopListening = onSignal(() => {
      interrupted = true;
      return closeAll();
    });
  sessions.set(key, { session, callOffGuard });
  return session;
};

/** How long a probe waits for an answer, if nothing else is said. */
export const TIMEOUT_MS = 1_500;

/** Closes every session of this process; throws the first problem. */
export const closeSessions = async (): Promise<void> => {
  // The signal's own work goes on until it ends the process.
  if (interrupted) return;
  await closeAll().finally(stopListening);
};

const closeAll = async (): Promise<void> => {
  const open = [...sessions.values()];
  sessions.clear();
  const closed = await Promise.allSettled(open.map(({ session, callOffGuard }) => session.close().then(callOffGuard)));
  const failure = closed.find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
};
