import { setTimeout as sleep } from 'node:timers/promises';
import { PodreachError } from '../errors.ts';

/** The work's outcome, or a PodreachError as soon as the signal aborts; the work itself goes on. */
export const untilAborted = <T>(work: Promise<T>, signal: AbortSignal | undefined, message: string): Promise<T> =>
  new Promise((resolve, reject) => {
    const abort = (): void => reject(new PodreachError(message));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal?.removeEventListener('abort', abort));
  });

/** The work's outcome, or what `late` returns when the time is up; the work itself goes on. */
export const within = async <T>(work: Promise<T>, deadlineMs: number, late: () => PodreachError): Promise<T> => {
  const timer = new AbortController();
  const deadline = sleep(deadlineMs, undefined, { signal: timer.signal }).then(() => Promise.reject(late()));
  deadline.catch(() => undefined);
  return Promise.race([work, deadline]).finally(() => timer.abort());
};
