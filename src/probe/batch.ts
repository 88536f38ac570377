import { printable } from '../text.ts';
import type { News } from './window.ts';

/** How one tool ended, not yet interpreted. */
export interface Ending {
  readonly exitCode: number;
  readonly elapsedMs: number;
  /** The tool's first bytes, one line, without control characters. */
  readonly output: string;
}

/** What one trial printed. */
export interface Attempt extends Ending {
  /** By the clock of its node. */
  readonly startedMs: number;
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
  const attemptIn = lineReader(nonce);
  const attempts = new Map<number, Attempt>();
  const repeated = new Set<number>();
  for (const line of lines) {
    const { id, attempt } = attemptIn(line) ?? {};
    if (id === undefined || !attempt || id >= count) continue;
    if (attempts.has(id)) repeated.add(id);
    attempts.set(id, attempt);
  }
  for (const id of repeated) attempts.delete(id);
  return { attempts, problem: problemOf(lines, nonce, count, attempts.size, repeated.size) };
};

/** Follows the script's output as it arrives, and reports what becomes of the trials. */
export const followBatch = (nonce: string, report: (news: News) => void) => {
  const attemptIn = lineReader(nonce);
  let rest = '';
  let allStarted = false;
  return (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    const ended = lines.flatMap((line) => attemptIn(line)?.attempt ?? []);
    const answersMs = ended.map(({ exitCode, elapsedMs }) => (exitCode === 0 ? elapsedMs : 0));
    allStarted ||= lines.includes(`all ${nonce}`);
    report({ ended: ended.length, slowestMs: Math.max(0, ...answersMs), allStarted });
  };
};

/** Reads a complete line of this batch; null for any other. */
const lineReader = (nonce: string) => {
  const complete = new RegExp(`^${nonce} (\\d+) (\\d+) (\\d+\\.\\d\\d) (\\d+\\.\\d\\d) (.*) ${nonce}:\\1$`, 'sv');
  return (line: string): { readonly id: number; readonly attempt: Attempt } | null => {
    const [, id, exitCode, before, after, output = ''] = complete.exec(line) ?? [];
    if (id === undefined) return null;
    const startedMs = Math.round(Number(before) * 1000);
    const elapsedMs = Math.round(Number(after) * 1000) - startedMs;
    const ending = { exitCode: Number(exitCode), elapsedMs, output: printable(output.trim()) };
    return { id: Number(id), attempt: { ...ending, startedMs } };
  };
};

const problemOf = (lines: readonly string[], nonce: string, count: number, sound: number, repeated: number) => {
  const ends = lines.filter((line) => line.startsWith(`end ${nonce} `));
  if (ends.length === 0) return 'its output broke off before the end';
  if (ends.length > 1 || ends[0] !== `end ${nonce} ${count}`) return 'its last line has another count of probes';
  if (repeated > 0) return 'a probe reported more than once';
  return sound === count ? null : 'a probe gave no valid report';
};
