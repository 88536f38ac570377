import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../../src/cache-folder.ts';
import { PodreachError } from '../../src/errors.ts';
import { surveyEngine } from '../../src/host/checks/survey.ts';

/** Waits until the Engine answers; false if it does not before the deadline, or if `alive` says that it never will. */
export const engineAnswers = async (timeoutMs: number, alive = () => true): Promise<boolean> => {
  const deadlineMs = Date.now() + timeoutMs;
  while (Date.now() < deadlineMs && alive()) {
    if ((await surveyEngine()).state === 'answers') return true;
    await sleep(250);
  }
  return false;
};

const lastLines = async (path: string, count: number): Promise<string> =>
  (await readFile(path, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-count).join('\n');

/**
 * Starts dockerd as a process that outlives this one, in a session of its own, and waits up to `timeoutMs` for it to
 * answer. Its log goes to a file in the cache, whose last lines are shown if it does not start.
 */
export const startDockerd = async (args: readonly string[], { timeoutMs = 60_000 } = {}): Promise<void> => {
  await mkdir(cacheFolder(), { recursive: true });
  const logFile = join(cacheFolder(), 'dockerd.log');
  const log = await open(logFile, 'w');
  const dockerd = spawn('dockerd', args, {
    detached: true,
    cwd: '/',
    stdio: ['ignore', log.fd, log.fd],
    // dockerd looks its helpers up: runc, containerd, iptables.
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/local/sbin:/usr/sbin:/sbin` },
  });
  let ended = '';
  dockerd.on('error', (error) => {
    ended = `could not be started (${(error as NodeJS.ErrnoException).code})`;
  });
  dockerd.on('exit', (code, signal) => {
    ended = `ended at once (${signal ?? `exit code ${code}`})`;
  });
  const up = await engineAnswers(timeoutMs, () => ended === '');
  await log.close();
  dockerd.unref();
  if (up) return;
  throw new PodreachError(
    `dockerd ${ended || `did not answer within ${timeoutMs / 1000} s`}\n${await lastLines(logFile, 12)}`,
    { hint: `its whole log is ${logFile}` },
  );
};
