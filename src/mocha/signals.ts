const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does some work when a signal comes, and then lets it end the process as it would have. Later signals change nothing,
 * because mocha sends itself another one. Returns a function that ends this.
 */
export const onSignal = (work: () => Promise<unknown>): (() => void) => {
  let ending = false;
  const handle = (signal: NodeJS.Signals): void => {
    if (ending) return;
    ending = true;
    const end = () => {
      stop();
      process.kill(process.pid, signal);
    };
    work().then(end, end);
  };
  const stop = (): void => {
    for (const signal of SIGNALS) process.off(signal, handle);
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  return stop;
};
