import process from 'node:process';
import { PodreachError } from '../src/errors.ts';
import { benchCommand } from './command/index.ts';
import { benchEnforce } from './enforce/index.ts';
import { benchLive } from './live/index.ts';
import { benchModel } from './model/index.ts';
import { benchSuite } from './suite/index.ts';
import { benchUdp } from './udp/index.ts';

const benches: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  command: benchCommand,
  enforce: benchEnforce,
  live: benchLive,
  model: benchModel,
  suite: benchSuite,
  udp: benchUdp,
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
  process.stderr.write(
    "usage: npm run bench -- command\n       npm run bench -- enforce [--keep] [policies…]\n       npm run bench -- live [pods…]\n       npm run bench -- model\n       npm run bench -- suite [steps] [--peer PATH]\n       npm run bench -- udp [rounds [rounds of the kernel's ports]]\n",
  );
  process.exitCode = 2;
}
