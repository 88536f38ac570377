import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { PodreachError } from '../../src/errors.ts';
import { cancelledBy, run } from '../../src/host/command.ts';
import { failureOf } from '../unit/failure-of.ts';
import { inFolder } from '../unit/scripts/temporary-folder.ts';

const purpose = 'building the thing';
/** Runs a program of this test's own making in a shell, which starts sooner than Node. */
const script = (text: string, options: Partial<Parameters<typeof run>[2]> = {}, ...args: string[]) =>
  run('sh', ['-c', text, 'sh', ...args], { purpose, ...options });

describe('run', () => {
  it('returns what the program printed to standard output, without the last line break', async () => {
    expect(await script('echo aside >&2; echo one; echo two')).to.equal('one\ntwo');
  });

  it('hands arguments over as they are, never through a shell', async () => {
    const odd = ['$(echo hi)', '; echo hi', '"quoted" \'too\'', '*', ''];
    const printed = await script('printf "[%s]\\n" "$@"', {}, ...odd);
    expect(printed.split('\n')).to.deep.equal(odd.map((one) => `[${one}]`));
    const failure = await failureOf(run(`echo hi`, [], { purpose }));
    expect(failure.message).to.equal('building the thing: the program echo hi is not on this machine');
  });

  it('gives it an end of input at once, or the input', async () => {
    expect(await script('cat')).to.equal('');
    expect(await script('cat', { input: 'given' })).to.equal('given');
  });

  it('says of a failure what it was for, the program, the exit code, how long it took and the hint', async () => {
    const failure = await failureOf(script('echo out; echo err >&2; exit 3', { hint: 'try' }));
    expect(failure).to.be.instanceOf(PodreachError);
    const [first, ...output] = failure.message.split('\n');
    expect(first).to.match(/^building the thing: sh -c exited with 3 after \d+(\.\d)? (ms|s)$/);
    expect(output.sort()).to.deep.equal(['err', 'out']);
    expect(failure.hint).to.equal('try');
    expect(failure.cause).to.equal(undefined);
  });

  it('shows the last twelve lines', async () => {
    const failure = await failureOf(script('seq 20; exit 1'));
    expect(failure.message.split('\n').slice(1)).to.deep.equal(
      Array.from({ length: 12 }, (_, index) => `${index + 9}`),
    );
  });

  it('ends after the reason when nothing was printed', async () => {
    const failure = await failureOf(script('exit 1'));
    expect(failure.message).to.match(/ exited with 1 after [^\n]+$/);
    expect(failure.hint).to.equal(undefined);
  });

  it('reports a program that is not there', async () => {
    const failure = await failureOf(run('podreach-no-such-program', ['x'], { purpose, hint: 'install it' }));
    expect(failure).to.be.instanceOf(PodreachError);
    expect(failure.message).to.equal('building the thing: the program podreach-no-such-program is not on this machine');
    expect(failure.hint).to.equal('install it');
  });

  it('reports an end by a signal, by the deadline and by an abort', async () => {
    const killed = await failureOf(script('kill -KILL $$'));
    expect(killed.message).to.contain(' was ended by SIGKILL after ');
    const forever = 'exec sleep 1000';
    expect((await failureOf(script(forever, { timeout: 100 }))).message).to.contain(' did not end in time after ');
    const aborted = await failureOf(script(forever, cancelledBy(AbortSignal.timeout(100))));
    expect(aborted).to.be.instanceOf(PodreachError);
    expect(aborted.message).to.contain(' was interrupted after ');
    expect(cancelledBy(undefined)).to.deep.equal({});
  });

  describe('with something to do before it starts', () => {
    it('begins only then, as the process that was told of, with its input', async () => {
      const order: string[] = [];
      let told: number | undefined;
      const beforeStart = async (pid: number) => {
        told = pid;
        await sleep(50);
        order.push('recorded');
      };
      const output = await script('echo $$; cat', { beforeStart, input: 'line 1\nline 2' });
      order.push('ended');
      expect(output).to.equal(`${told}\nline 1\nline 2`);
      expect(order).to.deep.equal(['recorded', 'ended']);
    });

    it('never begins if that fails', async () => {
      const broken = new PodreachError('the disk is full');
      await inFolder({}, async (folder) => {
        const beforeStart = () => Promise.reject(broken);
        const begun = script('>"$1"', { beforeStart }, join(folder, 'begun'));
        expect(await failureOf(begun)).to.equal(broken);
        expect(await readdir(folder)).to.deep.equal([]);
      });
    });

    it('reports the program, not of what starts it', async () => {
      const options = { purpose, beforeStart: async () => {} };
      const failure = await failureOf(run(process.execPath, ['--eval', 'process.exit(3)'], options));
      expect(failure.message).to.contain(`${process.execPath} --eval exited with 3`);
    });
  });
});
