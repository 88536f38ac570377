import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** A loop that ends by itself after some seconds if nobody ends it. */
const LOOP = 'const end = Date.now() + Number(process.argv[1]) * 1000; while (Date.now() < end);';
const MOST_SECONDS = 1800;

/** Keeps every core busy while `work` runs. */
export const whileBusy = async <T>(work: () => Promise<T>): Promise<T> => {
  const loops = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['-e', LOOP, String(MOST_SECONDS)], { stdio: 'ignore' }),
  );
  try {
    return await work();
  } finally {
    for (const loop of loops) loop.kill('SIGKILL');
  }
};
