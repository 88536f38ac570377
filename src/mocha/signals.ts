const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const ARRIVAL_MS = 1_000;

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
      // A process that has nothing else to do would end before the signal arrives, if a library listens to it.
      setTimeout(() => {}, ARRIVAL_MS);
    };
    work().then(end, end);
  };
  const stop = (): void => {
    for (const signal of SIGNALS) process.off(signal, handle);
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  return stop;
};
