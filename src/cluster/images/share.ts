import type { Progress } from '../../progress.ts';

/** How much of a build is done, from the seconds that each of its pieces takes on a machine with two processors. */
export interface Share {
  /** Does one piece of the build. */
  of<T>(piece: string, work: () => Promise<T>): Promise<T>;
  /** Reports it now and every half minute until the work is over: `about 40 % done, 5 min left`. */
  reported<T>(progress: Progress, work: () => Promise<T>): Promise<T>;
}

const REPORT_MS = 30_000;
/** So many pieces are made at the same time. */
const AT_ONCE = 2;
/** A piece that takes longer than expected is never taken for done. */
const MOST_OF_A_PIECE = 0.95;

interface Piece {
  readonly seconds: number;
  beganMs?: number;
  endedMs?: number;
}

/** What is left adapts to this machine: pieces that are done show how fast it is. */
export const createShare = (
  seconds: Readonly<Record<string, number>>,
  now: () => number = () => performance.now(),
): Share => {
  const pieces = new Map<string, Piece>(Object.entries(seconds).map(([name, each]) => [name, { seconds: each }]));
  const all = [...pieces.values()];
  const sum = (of: readonly Piece[], each: (piece: Piece) => number): number =>
    of.reduce((total, piece) => total + each(piece), 0);

  /** How many times longer a piece takes here than expected. */
  const slowness = (): number => {
    const ended = all.filter(({ endedMs }) => endedMs !== undefined);
    const expected = sum(ended, (piece) => piece.seconds);
    const taken = sum(ended, ({ beganMs = 0, endedMs = 0 }) => (endedMs - beganMs) / 1000);
    return expected > 0 ? taken / expected : 1;
  };
  const partOf = ({ seconds: each, beganMs, endedMs }: Piece): number => {
    if (endedMs !== undefined) return 1;
    if (beganMs === undefined) return 0;
    return Math.min(MOST_OF_A_PIECE, (now() - beganMs) / 1000 / (each * slowness()));
  };

  const text = (): string => {
    const done = sum(all, (piece) => piece.seconds * partOf(piece)) / sum(all, (piece) => piece.seconds);
    const leftSeconds = all.map((piece) => piece.seconds * (1 - partOf(piece)) * slowness());
    const left = Math.max(...leftSeconds, leftSeconds.reduce((total, each) => total + each, 0) / AT_ONCE);
    return `about ${Math.floor(done * 100)} % done, ${roughly(left)} left`;
  };

  return {
    of: async (name, work) => {
      const piece = pieces.get(name);
      if (!piece) return work();
      piece.beganMs = now();
      const result = await work();
      piece.endedMs = now();
      return result;
    },
    reported: async (progress, work) => {
      const report = () => progress.note(`building the images: ${text()}`);
      report();
      const reports = setInterval(report, REPORT_MS).unref();
      try {
        return await work();
      } finally {
        clearInterval(reports);
      }
    },
  };
};

/** An estimate is rounded up, to minutes or to ten seconds. */
const roughly = (seconds: number): string =>
  seconds > 90 ? `${Math.ceil(seconds / 60)} min` : `${Math.max(1, Math.ceil(seconds / 10))}0 s`;
