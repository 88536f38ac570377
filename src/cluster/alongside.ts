import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 250;

/**
 * Does `work` while something else is being created, as soon as it can be done: it is tried again until it succeeds or,
 * once everything is created, fails. Resolves when both are done. If both fail, the creation's failure counts. A failed
 * attempt may leave part of the work done, so `work` must be repeatable.
 */
export const alongside = async (creation: Promise<void>, work: () => Promise<void>): Promise<void> => {
  const [created, worked] = await Promise.allSettled([creation, untilDone(creation, work)]);
  for (const one of [created, worked]) if (one.status === 'rejected') throw one.reason;
};

const untilDone = async (creation: Promise<void>, work: () => Promise<void>): Promise<void> => {
  let isCreated = false;
  void creation.then(
    () => {
      isCreated = true;
    },
    () => {},
  );
  for (;;) {
    const isLast = isCreated;
    try {
      return await work();
    } catch (error) {
      if (isLast) throw error;
    }
    await Promise.race([creation, sleep(RETRY_MS)]);
  }
};
