import { isOpen, type Sample } from '../record/index.ts';

/** No sample is judged by answers older than this. */
const KEPT_MS = 10_000;

/**
 * When servers answered their own pods, which no policy can forbid. While one does not, its silence towards others says
 * nothing about policies.
 */
export const createAlive = (withinMs: number) => {
  const answeredMs = new Map<string, number[]>();
  return {
    /** A connection of a pod to its own server. */
    note: (server: string, sample: Sample): void => {
      const own = answeredMs.get(server) ?? [];
      if (isOpen(sample)) own.push(sample.atMs);
      const first = own.findIndex((atMs) => atMs >= sample.atMs - KEPT_MS);
      answeredMs.set(server, first > 0 ? own.slice(first) : own);
    },
    /** The sample, or what is left of it: an answer proves itself, anything else only from a server that is alive. */
    sound: (server: string, sample: Sample): Sample => {
      const own = answeredMs.get(server);
      if (!own || isOpen(sample)) return sample;
      const { atMs } = sample;
      const isAlive =
        own.some((one) => one <= atMs && one >= atMs - withinMs) &&
        own.some((one) => one >= atMs && one <= atMs + withinMs);
      return isAlive ? sample : { ...sample, outcome: null };
    },
    /** From now on this server's own connections count. */
    expect: (server: string): void => void answeredMs.set(server, answeredMs.get(server) ?? []),
  };
};
