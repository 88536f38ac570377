import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inFolder } from '../scripts/temporary-folder.ts';

/** In which a shell that a server's death ends has ended. */
const DYING_MS = 150;

interface Served {
  readonly env: Readonly<Record<string, string>>;
  /** Arguments of the script. */
  readonly ports?: readonly string[];
  /** What a server does besides running. */
  readonly agnhost?: string;
  /** The script is ended from outside, as the kubelet does it, once so many servers have started. */
  readonly endsAfter?: number;
}

/** The servers that a serve script starts, and the exit code of its shell. */
export const served = async (script: string, { env, ports = [], agnhost = '', endsAfter }: Served) => {
  const program = `#!/bin/sh\necho "$*" >>"\${0%/*}/started"\n${agnhost}\nexec sleep 2\n`;
  let started: readonly string[] = [];
  let status: number | null = null;
  await inFolder({ agnhost: program, started: '' }, async (folder) => {
    const text = script.replaceAll('/agnhost', join(folder, 'agnhost')).replace('sleep 86400', 'sleep 1');
    const shell = spawn('sh', ['-c', text, 'serve', ...ports], {
      env: { PATH: process.env.PATH, ...env },
      stdio: 'ignore',
      timeout: 10_000,
    });
    const ended = once(shell, 'exit');
    const look = async () => {
      started = (await readFile(join(folder, 'started'), 'utf8')).split('\n').filter(Boolean).sort();
    };
    while (endsAfter !== undefined && started.length < endsAfter && shell.exitCode === null) {
      await sleep(5);
      await look();
    }
    if (endsAfter !== undefined) {
      await Promise.race([ended, sleep(DYING_MS)]);
      shell.kill();
    }
    [status] = await ended;
    await look();
  });
  return { started, status };
};
