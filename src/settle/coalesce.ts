/**
 * Wraps an action so that it never runs twice at once, and so that all calls that come while it runs share one further
 * run: each caller gets the result of a run that began after his call.
 */
export const coalesce = <T>(action: () => Promise<T>): (() => Promise<T>) => {
  let running: Promise<unknown> | null = null;
  let next: Promise<T> | null = null;

  const start = (): Promise<T> => {
    const run = action();
    const done = run
      .catch(() => undefined)
      .finally(() => {
        if (running === done) running = null;
      });
    running = done;
    return run;
  };

  return () => {
    if (next) return next;
    if (!running) return start();
    next = running.then(() => {
      next = null;
      return start();
    });
    return next;
  };
};
