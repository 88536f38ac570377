import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Moment } from './killed-commands.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Kill {
  readonly afterMs: number;
  /** It ended by itself before, with this exit code. */
  readonly ended?: number | null;
  /** The last line that it said. */
  readonly last: string;
}

/** Starts podreach on the command line, kills it at a random moment, and waits for its end. */
export const killOne = async (args: readonly string[], { since, latestMs }: Moment): Promise<Kill> => {
  const afterMs = randomInt(0, latestMs);
  const running = spawn(process.execPath, ['src/cli.ts', ...args], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  let timer: NodeJS.Timeout | undefined;
  let text = '';
  const look = (): void => {
    if (since === undefined || text.includes(since)) timer ??= setTimeout(() => running.kill('SIGKILL'), afterMs);
  };
  running.stderr.on('data', (chunk) => {
    text += String(chunk);
    look();
  });
  look();
  const ended = await new Promise<number | null>((resolve) => running.once('exit', resolve));
  clearTimeout(timer);
  const last = text.trimEnd().split('\n').at(-1) ?? '';
  return { afterMs, last, ...(running.signalCode !== 'SIGKILL' && { ended }) };
};
