import { printable } from '../text.ts';

/** What one trial printed, not yet interpreted. */
export interface Attempt {
  readonly exitCode: number;
  readonly elapsedMs: number;
  /** The tool's first bytes, one line, without control characters. */
  readonly output: string;
}

export interface Batch {
  /** By trial id; a trial without exactly one sound line is missing. */
  readonly attempts: ReadonlyMap<number, Attempt>;
  /** What was wrong with the batch, for people; null if it is complete. */
  readonly problem: string | null;
}

/**
 * Reads the output of the probe script for trials 0 to `count` - 1. A line counts only if it is complete: a newline,
 * this batch's nonce in front, the nonce and the same id at its end, and an id that no other line has. Sound lines
 * count whatever else the batch lacks. All other trials are left out and become errors.
 */
export const parseBatch = (stdout: string, nonce: string, count: number): Batch => {
  const lines = stdout.split('\n').slice(0, -1);
  const line = new RegExp(`^${nonce} (\\d+) (\\d+) (\\d+\\.\\d\\d) (\\d+\\.\\d\\d) (.*) ${nonce}:\\1$`, 'sv');
  const attempts = new Map<number, Attempt>();
  const repeated = new Set<number>();
  for (const text of lines) {
    const [, id, exitCode, before, after, output] = line.exec(text) ?? [];
    const index = Number(id);
    if (id === undefined || index >= count) continue;
    if (attempts.has(index)) repeated.add(index);
    const elapsedMs = Math.round((Number(after) - Number(before)) * 1000);
    attempts.set(index, { exitCode: Number(exitCode), elapsedMs, output: printable((output as string).trim()) });
  }
  for (const id of repeated) attempts.delete(id);
  return { attempts, problem: problemOf(lines, nonce, count, attempts.size, repeated.size) };
};

/**
 * Follows the script's output as it arrives, and reports how many trials have ended and how long the slowest answer
 * among them took; none when all have started.
 */
export const followBatch = (nonce: string, report: (ended: number, slowestMs: number) => void) => {
  const line = new RegExp(`^${nonce} \\d+ (\\d+) (\\d+\\.\\d\\d) (\\d+\\.\\d\\d) `, 'v');
  let rest = '';
  return (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    const ends = lines.flatMap((one) => {
      const [, exitCode, before, after] = line.exec(one) ?? [];
      return exitCode === undefined ? [] : [exitCode === '0' ? (Number(after) - Number(before)) * 1000 : 0];
    });
    if (ends.length > 0 || lines.includes(`all ${nonce}`)) report(ends.length, Math.max(0, ...ends));
  };
};

const problemOf = (lines: readonly string[], nonce: string, count: number, sound: number, repeated: number) => {
  const ends = lines.filter((line) => line.startsWith(`end ${nonce} `));
  if (ends.length === 0) return 'its output broke off before the end';
  if (ends.length > 1 || ends[0] !== `end ${nonce} ${count}`) return 'its last line has another count of probes';
  if (repeated > 0) return 'a probe reported more than once';
  return sound === count ? null : 'a probe gave no valid report';
};
