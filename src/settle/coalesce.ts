/**
 * Wraps an action so that it never runs twice at once, and so that all calls that come while it runs share one further
 * run: each caller gets the result of a run that began after his call and was given his argument among the others'.
 */
export const coalesce = <A, T>(action: (calls: readonly A[]) => Promise<T>): ((call: A) => Promise<T>) => {
  let running: Promise<unknown> | null = null;
  let next: { readonly calls: A[]; readonly result: Promise<T> } | null = null;

  const start = (calls: readonly A[]): Promise<T> => {
    const run = action(calls);
    running = run
      .catch(() => undefined)
      .finally(() => {
        running = null;
      });
    return run;
  };

  return (call) => {
    if (next) {
      next.calls.push(call);
      return next.result;
    }
    if (!running) return start([call]);
    const calls = [call];
    const result = running.then(() => {
      next = null;
      return start(calls);
    });
    next = { calls, result };
    return result;
  };
};
