import { spawn } from 'node:child_process';

/** Waits for a line; if its standard input ends without one, it becomes the command. */
const WAIT = 'read -r done || exec "$@"';

/**
 * Has a command run once this process has ended, whatever ended it, SIGKILL included: a shell waits for the end of a pipe
 * that only this process holds open. It leads a session of its own, so what ends this process group spares it. Returns a
 * function that calls it off.
 */
export const runAfterEnd = ([file, ...args]: readonly [string, ...string[]]): (() => void) => {
  // Not by execa, whose subprocess keeps this process from ending.
  const guardian = spawn('/bin/sh', ['-c', WAIT, 'sh', file, ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // If it can't be started or is gone already, the next run removes what is left.
  for (const one of [guardian, guardian.stdin]) one.on('error', () => {});
  guardian.unref();
  return () => void guardian.stdin.end('done\n');
};
