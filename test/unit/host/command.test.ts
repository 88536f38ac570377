import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { cancelledBy, run } from '../../../src/host/command.ts';
import { failureOf } from '../failure-of.ts';
import { inFolder } from '../scripts/temporary-folder.ts';

const purpose = 'building the thing';
/** Runs a program of this test's own making in Node. */
const script = (text: string, options: Partial<Parameters<typeof run>[2]> = {}, ...args: string[]) =>
  run(process.execPath, ['--eval', text, ...args], { purpose, ...options });

describe('run', () => {
  it('returns what the program printed to standard output, without the last line break', async () => {
    expect(await script("console.error('aside'); console.log('one'); console.log('two')")).to.equal('one\ntwo');
  });

  it('hands arguments over as they are, never through a shell', async () => {
    const odd = ['$(echo hi)', '; echo hi', '"quoted" \'too\'', '*', ''];
    const printed = await script('console.log(JSON.stringify(process.argv.slice(1)))', {}, ...odd);
    expect(JSON.parse(printed)).to.deep.equal(odd);
    const failure = await failureOf(run(`echo hi`, [], { purpose }));
    expect(failure.message).to.equal('building the thing: the program echo hi is not on this machine');
  });

  it('gives it an end of input at once, or the input', async () => {
    const echo = 'process.stdin.pipe(process.stdout)';
    expect(await script(echo)).to.equal('');
    expect(await script(echo, { input: 'given' })).to.equal('given');
  });

  it('says of a failure what it was for, the program, the exit code, how long it took and the hint', async () => {
    const failure = await failureOf(
      script("console.log('out'); console.error('err'); process.exit(3)", { hint: 'try' }),
    );
    expect(failure).to.be.instanceOf(PodreachError);
    const [first, ...output] = failure.message.split('\n');
    expect(first).to.match(/^building the thing: .+ --eval exited with 3 after \d+(\.\d)? (ms|s)$/);
    expect(first).to.contain(process.execPath);
    expect(output.sort()).to.deep.equal(['err', 'out']);
    expect(failure.hint).to.equal('try');
    expect(failure.cause).to.equal(undefined);
  });

  it('shows the last twelve lines', async () => {
    const failure = await failureOf(script('for (let n = 1; n <= 20; n++) console.log(n); process.exitCode = 1'));
    expect(failure.message.split('\n').slice(1)).to.deep.equal(
      Array.from({ length: 12 }, (_, index) => `${index + 9}`),
    );
  });

  it('ends after the reason when nothing was printed', async () => {
    const failure = await failureOf(script('process.exit(1)'));
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
    const killed = await failureOf(script("process.kill(process.pid, 'SIGKILL')"));
    expect(killed.message).to.contain(' was ended by SIGKILL after ');
    const forever = 'setInterval(() => {}, 1000)';
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
      const text = "process.stdin.on('data', (data) => console.log(process.pid, Date.now(), String(data)))";
      const output = await script(text, { beforeStart, input: 'line 1\nline 2' });
      order.push('ended');
      expect(output).to.match(new RegExp(`^${told} \\d+ line 1\nline 2$`));
      expect(order).to.deep.equal(['recorded', 'ended']);
    });

    it('never begins if that fails', async () => {
      const broken = new PodreachError('the disk is full');
      await inFolder({}, async (folder) => {
        const beforeStart = () => Promise.reject(broken);
        const text = "require('node:fs').writeFileSync(process.argv[1], '')";
        expect(await failureOf(script(text, { beforeStart }, join(folder, 'begun')))).to.equal(broken);
        expect(await readdir(folder)).to.deep.equal([]);
      });
    });

    it('reports the program, not of what starts it', async () => {
      const failure = await failureOf(script('process.exit(3)', { beforeStart: async () => {} }));
      expect(failure.message).to.contain(`${process.execPath} --eval exited with 3`);
    });
  });
});
