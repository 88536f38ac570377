import { setTimeout as sleep } from 'node:timers/promises';
import { PodreachError } from './errors.ts';

/** Waits. Throws a PodreachError that says what was interrupted if the signal comes first. */
export const pause = async (ms: number, signal: AbortSignal | undefined, what: string): Promise<void> => {
  await sleep(ms, undefined, signal && { signal }).catch(() => {
    throw new PodreachError(`${what} was interrupted`);
  });
};

/** Waits until the time is over or the signal comes, for work that ends with its signal and looks at it next. */
export const pauseUnlessOver = async (ms: number, signal: AbortSignal | undefined): Promise<void> => {
  await sleep(ms, undefined, signal && { signal }).catch(() => {});
};
