import { setImmediate as turn } from 'node:timers/promises';
import type { Source } from '../../../src/deploy/index.ts';
import { PodreachError } from '../../../src/errors.ts';

export interface FakeRecorderOptions {
  /** Whether a target (`10.0.0.1,80`) is open at a time of `performance.now()`; null if that does not show. */
  readonly isOpen: (target: string, atMs: number) => boolean | null;
  /** Its clock is so much behind. */
  readonly behindMs?: number;
  /** It prints this and nothing else. */
  readonly says?: string;
  /** It breaks off at this time. */
  readonly breaksMs?: number;
  /** It runs since then with these targets, and is only joined. */
  readonly own?: { readonly startMs: number; readonly tickMs: number; readonly targets: readonly string[] };
}

/** A source whose recorder tries its targets every tick, as the clock of the test goes. */
export const fakeRecorder = (
  endpoint: string,
  { isOpen, behindMs = 0, says, breaksMs = Number.POSITIVE_INFINITY, own }: FakeRecorderOptions,
): Source & { readonly argvs: readonly string[][]; readonly running: () => number } => {
  const argvs: string[][] = [];
  let running = 0;
  const microseconds = (ms: number): number => Math.round((ms - (own?.startMs ?? behindMs)) * 1000);
  return {
    endpoint,
    argvs,
    running: () => running,
    exec: async (argv, { onStdout = () => {}, stdin }) => {
      argvs.push([...argv]);
      const ended = { stdout: '', stderr: '', exitCode: 0 };
      const isArmed = argv[2]?.includes('armed') ?? false;
      onStdout(says ?? (isArmed ? 'armed\n' : 'begin\n'));
      if (says !== undefined) return ended;
      let isOver = false;
      let targets = own?.targets ?? (isArmed ? null : argv.slice(7));
      stdin?.on('data', (data) => {
        for (const line of `${data}`.trim().split('\n')) {
          if (line === 'stop') isOver = true;
          else if (targets === null) {
            targets = line.split(' ');
            onStdout('begin\n');
          } else onStdout(`${line.replace('ping', 'pong')} ${microseconds(performance.now())}\n`);
        }
      });
      running += 1;
      const tickMs = own?.tickMs ?? Number(argv[4]);
      for (let nextMs = own?.startMs ?? performance.now(); !isOver; await turn()) {
        if (performance.now() > breaksMs) {
          running -= 1;
          throw new PodreachError('the connection broke');
        }
        for (; nextMs <= performance.now(); nextMs += tickMs) {
          const lines = (targets ?? []).map(
            (target, at) => `${at} ${microseconds(nextMs)} ${codeOf(isOpen(target, nextMs))}\n`,
          );
          // Output may be cut anywhere.
          const text = lines.join('');
          onStdout(text.slice(0, 5));
          onStdout(text.slice(5));
        }
      }
      running -= 1;
      onStdout('end\n');
      return ended;
    },
  };
};

const codeOf = (open: boolean | null): string => (open === null ? 'e' : open ? 'a' : 'd');
