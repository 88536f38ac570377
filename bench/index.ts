import process from 'node:process';
import { PodreachError } from '../src/errors.ts';
import { benchLive } from './live/index.ts';
import { benchModel } from './model/index.ts';

const benches: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  live: benchLive,
  model: benchModel,
};

const [what = '', ...args] = process.argv.slice(2);
const bench = Object.hasOwn(benches, what) ? benches[what] : undefined;
if (bench) {
  await bench(args).catch((error: unknown) => {
    if (!(error instanceof PodreachError)) throw error;
    process.stderr.write(`bench: ${error.message}\n`);
    process.exitCode = 2;
  });
} else {
  process.stderr.write('usage: npm run bench -- live [pods…]\n       npm run bench -- model\n');
  process.exitCode = 2;
}
