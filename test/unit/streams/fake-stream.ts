import { setImmediate as turn } from 'node:timers/promises';
import type { Source } from '../../../src/deploy/index.ts';

export interface FakeStreamOptions {
  /** What a server answers when it is asked who it is. */
  readonly name?: string;
  /** Whether a request gets an answer that is sent at a time of `performance.now()`; then or, over TCP, later. */
  readonly flows?: (atMs: number) => boolean;
  /** Whether its shell gets no processor time, so that it passes on what it was given later. */
  readonly stalls?: (atMs: number) => boolean;
  /** nc ends at this time, with this exit code. */
  readonly ends?: { readonly atMs: () => number; readonly code: number };
  /** nc says this and ends at once. */
  readonly says?: string;
}

/** A source in which nc carries what it is given, as the clock of the test goes. */
export const fakeStream = (
  endpoint: string,
  { name = 'prod-x7k2a/web:80', flows = () => true, stalls = () => false, ends, says }: FakeStreamOptions = {},
): Source & { readonly running: () => number; readonly argvs: readonly string[][] } => {
  let running = 0;
  const argvs: string[][] = [];
  return {
    endpoint,
    argvs,
    running: () => running,
    exec: async (argv, { onStdout = () => {}, onStderr = () => {}, stdin, signal }) => {
      argvs.push([...argv]);
      const isTcp = argv[4] === 'TCP';
      const given: string[] = [];
      const waiting: string[] = [];
      let isOver = false;
      const pass = (): void => {
        if (stalls(performance.now())) return;
        for (const line of given.splice(0)) {
          onStderr(`passed ${line}\n`);
          waiting.push(line);
        }
      };
      running += 1;
      onStderr('rea');
      onStderr('dy\n');
      stdin?.on('data', (data) => {
        for (const line of `${data}`.trim().split('\n')) {
          if (line === 'stop') isOver = true;
          else given.push(line);
        }
        pass();
      });
      if (says !== undefined) onStderr(`${says}\nended 1\n`);
      while (!isOver && says === undefined && !signal?.aborted) {
        await turn();
        pass();
        if (ends && performance.now() >= ends.atMs()) {
          onStderr(`ended ${ends.code}\n`);
          break;
        }
        const isOpen = flows(performance.now());
        const asked = isOpen || !isTcp ? waiting.splice(0) : [];
        if (!isOpen) continue;
        for (const tick of asked)
          onStdout(
            isTcp
              ? `HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`
              : tick === '0'
                ? name
                : `${tick};`,
          );
      }
      running -= 1;
      return { stdout: '', stderr: '', exitCode: 0 };
    },
  };
};
