import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import type { ExecResult, RunningExec } from '../../../src/kube/exec.ts';
import { createStandingShells, scriptOf } from '../../../src/kube/standing-shells.ts';
import { failureOf } from '../failure-of.ts';

const TARGET = { namespace: 'prod', pod: 'web', container: 'probe' };
const DEADLINE = { deadlineMs: 5000 };
/** Prints its arguments, each in brackets, and ends with the code that the first one is. */
const ECHO = 'for one; do printf "[%s]" "$one"; done; echo said >&2; exit "$1"';

type Start = Parameters<typeof createStandingShells>[0];
type Streams = Parameters<Start>[2];

const script = (...args: readonly string[]) => ({ text: ECHO, name: 'echo', args });

/** Runs commands on this machine, as a container would. */
const machine = () => {
  const children: ChildProcess[] = [];
  const start: Start = async (_target, [file = '', ...args], { onStdout, onStderr, stdin }) => {
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    children.push(child);
    stdin?.pipe(child.stdin);
    child.stdout.on('data', (chunk: Buffer) => onStdout?.(chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => onStderr?.(chunk.toString()));
    const result = new Promise<ExecResult>((resolve) => {
      child.on('close', (code) => resolve({ stdout: '', stderr: '', exitCode: code ?? 137 }));
    });
    return { result, terminate: () => child.kill(), late: () => new PodreachError('too late') };
  };
  return { children, shells: createStandingShells(start) };
};

/** Connections whose other end is the test: it hears each turn, and says what it likes. */
const listener = () => {
  const heard: string[] = [];
  let ended = 0;
  let said: ((text: string) => void) | undefined;
  let over: PromiseWithResolvers<ExecResult> | undefined;
  const hear = async (stdin: Readable | undefined): Promise<void> => {
    for await (const chunk of stdin ?? []) heard.push(String(chunk));
  };
  const start: Start = async (_target, argv, { onStdout, stdin }: Streams): Promise<RunningExec> => {
    const own = Promise.withResolvers<ExecResult>();
    heard.push(argv.slice(5).join(' '));
    void hear(stdin);
    said = onStdout;
    over = own;
    const terminate = () => {
      ended += 1;
      own.reject(new PodreachError('exec in prod/web ended without reporting whether it succeeded'));
    };
    return { result: own.promise, terminate, late: (ms) => new PodreachError(`late after ${ms} ms`) };
  };
  const idOf = (text = '') => /^[0-9a-f]{12}/.exec(text)?.[0];
  return {
    shells: createStandingShells(start),
    heard,
    ended: () => ended,
    /** Once the next turn has been heard, says this, with the turn's id for `ID`. */
    say: async (text: string) => {
      await new Promise(setImmediate);
      said?.(text.replace('ID', idOf(heard.at(-1)) ?? ''));
    },
    end: (exitCode: number) => over?.resolve({ stdout: '', stderr: '', exitCode }),
    cut: () => over?.reject(new PodreachError('cut')),
  };
};

describe('standing shells', () => {
  it('run one script again and again in one shell, each time with arguments of its own', async () => {
    const { children, shells } = machine();
    const turn = async (...args: readonly string[]) => {
      const { stdout, exitCode } = await shells.run(TARGET, script(...args), DEADLINE);
      return { stdout, exitCode };
    };
    expect(await turn('0', 'a b')).to.deep.equal({ stdout: '[0][a b]', exitCode: 0 });
    const hard = ['', ' x ', '*', '$(id)', "'", '"', '\\0', 'ü', '-n'];
    expect(await turn('3', ...hard)).to.deep.equal({
      stdout: `[3]${hard.map((one) => `[${one}]`).join('')}`,
      exitCode: 3,
    });
    expect(await turn('1')).to.deep.equal({ stdout: '[1]', exitCode: 1 });
    expect(children).to.have.length(1);
    const gone = new Promise((resolve) => children[0]?.on('close', resolve));
    children[0]?.stdin?.end();
    await gone;
    expect(children[0]?.exitCode).to.equal(0);
    expect(await turn('0')).to.deep.equal({ stdout: '[0]', exitCode: 0 });
    expect(children).to.have.length(2);
    shells.close();
  });

  it('belong to one container and one script, and do one thing at a time', async () => {
    const { heard, say, shells } = listener();
    const run = async (target: typeof TARGET, text: string) => {
      const result = shells.run(target, { text, name: 'x', args: [] }, DEADLINE);
      await say('\nID 0\n');
      await result;
    };
    await run(TARGET, 'b');
    await run({ ...TARGET, pod: 'api' }, 'a');
    await run(TARGET, 'a');
    await run(TARGET, 'a');
    expect(heard.map((one) => one.includes('\n'))).to.deep.equal([false, false, false, true]);
    const first = shells.run(TARGET, { text: 'a', name: 'x', args: [] }, DEADLINE);
    const second = shells.run(TARGET, { text: 'a', name: 'x', args: [] }, DEADLINE);
    await new Promise(setImmediate);
    expect(heard.slice(4).filter((one) => one.includes('\n'))).to.have.length(1);
    shells.close();
    await Promise.allSettled([first, second]);
  });

  it('end a turn only at its own mark', async () => {
    const { say, shells } = listener();
    const heard: string[] = [];
    const result = shells.run(TARGET, script(), { ...DEADLINE, onStdout: (text) => heard.push(text) });
    await say('x\n000000000000 0\n');
    await say('y\nID 4');
    await say('2\nlater');
    expect(await result).to.deep.equal({ stdout: 'x\n000000000000 0\ny', stderr: '', exitCode: 42 });
    expect(heard).to.have.length(3);
  });

  it('are no answer when they end before the mark', async () => {
    const { say, end, shells } = listener();
    const result = shells.run(TARGET, script(), DEADLINE);
    await say('half');
    end(137);
    expect(await result).to.deep.equal({ stdout: 'half', stderr: '', exitCode: 137 });
  });

  for (const [what, options, message] of [
    ['at the deadline', { deadlineMs: 20 }, 'late after 20 ms'],
    ['on an abort', { ...DEADLINE, signal: AbortSignal.timeout(20) }, 'exec in prod/web was interrupted'],
  ] as const)
    it(`end ${what}, in the middle of a turn`, async () => {
      const { heard, ended, shells } = listener();
      const error = await failureOf(shells.run(TARGET, script(), options));
      expect(error.message).to.equal(message);
      expect(ended()).to.be.greaterThan(0);
      void shells.run(TARGET, script(), DEADLINE).catch(() => {});
      await new Promise(setImmediate);
      expect(heard.at(-1), 'a new one').not.to.contain('\n');
      shells.close();
    });

  it('are replaced when they were lost between two turns, or have carried much', async () => {
    const { heard, say, cut, shells } = listener();
    const turn = async (text: string) => {
      const result = shells.run(TARGET, script(), DEADLINE);
      await say(`${text}\nID 0\n`);
      await result;
    };
    await turn('');
    cut();
    await new Promise(setImmediate);
    await turn('x'.repeat(300_000));
    await turn('');
    expect(heard.filter((one) => one.includes('\n'))).to.deep.equal([]);
    expect(heard).to.have.length(3);
    shells.close();
  });

  it('take scripts whose arguments are lines', () => {
    expect(scriptOf(['sh', '-c', 'text', 'name', 'a'])).to.deep.equal({ text: 'text', name: 'name', args: ['a'] });
    expect(scriptOf(['sh', '-c', 'text', 'name', 'a\nb'])).to.equal(undefined);
    expect(scriptOf(['sh', '-c', 'text'])).to.equal(undefined);
    expect(scriptOf(['bash', '-c', 'text', 'name'])).to.equal(undefined);
  });
});
