/**
 * Wraps an action so that it never runs twice at once. All calls made during a run share the next run: each caller gets
 * the result of a run that began after the call, with its argument among those passed.
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
