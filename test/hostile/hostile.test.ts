import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Outcome } from './child.ts';
import { hostileInputs } from './inputs.ts';

const child = fileURLToPath(new URL('./child.ts', import.meta.url));

/** One process for all, without memory to waste; what it has not told after its time was too much for it. */
const outcomes = async (): Promise<ReadonlyMap<string, Outcome>> => {
  const flags = ['--max-old-space-size=400', '--no-warnings', child];
  const { stdout } = await promisify(execFile)(process.execPath, flags, {
    timeout: 240_000,
    killSignal: 'SIGKILL',
  }).catch((error: { readonly stdout: string }) => error);
  const lines = stdout.split('\n').filter((line) => line.endsWith('}'));
  return new Map(lines.map((line) => JSON.parse(line) as Outcome).map((outcome) => [outcome.what, outcome]));
};

describe('hostile input', function () {
  this.timeout(250_000);
  let all: ReadonlyMap<string, Outcome>;
  before(async () => {
    all = await outcomes();
  });

  for (const [what, input] of Object.entries(hostileInputs))
    it(`ends soon, small and with few words: ${what}`, () => {
      const { refusal } = input();
      const outcome = all.get(what);
      expect(outcome, 'it hung or crashed').not.to.equal(undefined);
      const { refused, thrown, size, seconds, memory } = outcome as Outcome;
      expect(thrown).to.equal(null);
      expect(seconds).to.be.below(5);
      expect(memory).to.be.below(600);
      expect(size).to.be.below(100_000);
      if (refusal === null) expect(refused).to.equal(null);
      else {
        const [, said = refused] = /^\S+:\d+:\d+: (.*)$/.exec(refused ?? '') ?? [];
        expect(said).to.match(refusal);
        expect(refused).to.match(/^\S+:[1-9]\d*:[1-9]\d*: /);
      }
    });
});
