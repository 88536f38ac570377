import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import {
  type PortState,
  parseWait,
  type Target,
  WAIT_SCRIPT,
  type WaitResult,
  waitArgv,
} from '../../src/settle/wait-script.ts';
import { HANG_S, ncStub } from './nc-stub.ts';

interface Waited {
  readonly results: Readonly<Record<string, WaitResult>>;
  readonly attempts: Readonly<Record<string, number>>;
  /** The shortest time from one attempt to the next at the same target, of those that are always answered at once. */
  readonly pauseMs: number;
  /** The shortest time from one attempt to the next at the same target, of those that always hang. */
  readonly hangMs: number;
  readonly lines: number;
  readonly ms: number;
}

interface Case {
  readonly wanted: PortState;
  readonly deadlineMs: number;
  /** By `address,port`. */
  readonly plans: Readonly<Record<string, string>>;
}

const linesIn = (text: string): readonly string[] => text.split('\n').slice(0, -1);

const gaps = (times: readonly number[]): readonly number[] =>
  times.slice(1).map((time, index) => time - (times[index] as number));

const targetOf = (text: string): Target => {
  const [address = '', port] = text.split(',');
  return { address, port: Number(port) };
};

type Shell = readonly [string, ...string[]];

/** Waits for all targets at once. */
const run = async (shell: Shell, { wanted, deadlineMs, plans }: Case): Promise<Waited> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'podreach-stub-'));
  try {
    writeFileSync(path.join(folder, 'nc'), ncStub(folder, plans), { mode: 0o755 });
    const names = Object.keys(plans);
    const [, ...argv] = waitArgv(wanted, deadlineMs, names.map(targetOf));
    const env = { PATH: `${folder}:${process.env.PATH}` };
    const start = performance.now();
    const child = spawn('sh', ['-c', 'trap "" TERM; exec "$@"', 'sh', ...shell, ...argv], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) stdout += chunk;
    const ms = performance.now() - start;
    const resultOf = parseWait(stdout);
    const times = Object.fromEntries(
      names.map((name) => [
        name,
        linesIn(readFileSync(path.join(folder, name), 'utf8')).map((text) => 1000 * Number(text)),
      ]),
    );
    const shortestGap = (isWanted: (plan: string) => boolean): number =>
      Math.min(...names.filter((name) => isWanted(plans[name] ?? '')).flatMap((name) => gaps(times[name] ?? [])));
    return {
      ms,
      lines: linesIn(stdout).length,
      results: Object.fromEntries(names.map((name) => [name, resultOf(targetOf(name))])),
      attempts: Object.fromEntries(names.map((name) => [name, times[name]?.length ?? 0])),
      pauseMs: shortestGap((plan) => !plan.includes('h')),
      hangMs: shortestGap((plan) => plan === 'h'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const CASES = {
  opens: {
    wanted: 'open',
    deadlineMs: 60_000,
    plans: { '10.0.0.1,8001': 'h h o', 'fd00::1,8002': 'c c c o', '10.0.0.1,8003': 'o' },
  },
  'stays closed': {
    wanted: 'open',
    deadlineMs: 1000,
    plans: {
      '10.0.0.2,8001': 'h',
      '10.0.0.3,8001': 'c',
      '10.0.0.5,8001': '127',
      '10.0.0.6,8001': 'h 126',
      '10.0.0.7,8001': 'c 2',
    },
  },
  closes: {
    wanted: 'closed',
    deadlineMs: 60_000,
    plans: {
      '10.0.0.2,8001': 'h',
      '10.0.0.3,8001': 'c',
      '10.0.0.4,8001': 'h o h',
      '10.0.0.5,8001': '127',
      '10.0.0.6,8001': 'h h 126',
      '10.0.0.7,8001': 'c 2',
    },
  },
  'stays open': { wanted: 'closed', deadlineMs: 1000, plans: { '10.0.0.4,8001': 'o', '10.0.0.8,8001': 'c c c o' } },
} as const satisfies Readonly<Record<string, Case>>;
type Name = keyof typeof CASES;
const NAMES = Object.keys(CASES) as readonly Name[];

const SHELLS = ([['sh'], ['busybox', 'sh']] satisfies readonly Shell[]).filter(
  ([command]) => spawnSync(command, ['-c', ':']).error === undefined,
);

describe('the wait script', function () {
  this.timeout(90_000);
  let waited: ReadonlyMap<string, Readonly<Record<Name, Waited>>>;
  // It mostly sleeps: all cases at once.
  before(async () => {
    const runs = SHELLS.map(async (shell) => {
      const all = await Promise.all(NAMES.map(async (name) => [name, await run(shell, CASES[name])] as const));
      return [shell.join(' '), Object.fromEntries(all) as Record<Name, Waited>] as const;
    });
    waited = new Map(await Promise.all(runs));
  });

  for (const shell of SHELLS.map((words) => words.join(' ')))
    describe(`in ${shell}`, () => {
      const of = (name: Name): Waited => waited.get(shell)?.[name] ?? expect.fail(`no run of ${name}`);

      it('waits until a port is open, through attempts that hang or are refused', () => {
        const { results, attempts } = of('opens');
        expect(results).to.deep.equal({ '10.0.0.1,8001': 'yes', 'fd00::1,8002': 'yes', '10.0.0.1,8003': 'yes' });
        expect(attempts).to.deep.equal({ '10.0.0.1,8001': 3, 'fd00::1,8002': 4, '10.0.0.1,8003': 1 });
      });

      it('says at the deadline if it did not open, and at once if the tool broke', () => {
        const { results, attempts, ms } = of('stays closed');
        expect(results).to.deep.equal({
          '10.0.0.2,8001': 'no',
          '10.0.0.3,8001': 'no',
          '10.0.0.5,8001': { broken: 127 },
          '10.0.0.6,8001': { broken: 126 },
          '10.0.0.7,8001': { broken: 2 },
        });
        expect(attempts).to.deep.include({ '10.0.0.5,8001': 1, '10.0.0.6,8001': 2, '10.0.0.7,8001': 2 });
        // Never before the time is over, by a clock that counts whole seconds; all targets at once, 200 ms an attempt.
        expect(ms).to.be.above(1000);
        expect(attempts['10.0.0.2,8001']).to.be.within(1, 11);
        expect(attempts['10.0.0.3,8001']).to.be.within(1, 11);
      });

      it('takes six attempts in a row without an answer for closed, and never a broken tool', () => {
        const { results, attempts, ms } = of('closes');
        expect(results).to.deep.equal({
          '10.0.0.2,8001': 'yes',
          '10.0.0.3,8001': 'yes',
          '10.0.0.4,8001': 'yes',
          '10.0.0.5,8001': { broken: 127 },
          '10.0.0.6,8001': { broken: 126 },
          '10.0.0.7,8001': { broken: 2 },
        });
        expect(attempts).to.deep.include({ '10.0.0.2,8001': 6, '10.0.0.3,8001': 6, '10.0.0.4,8001': 8 });
        // Eight attempts of 200 ms, or as long a pause.
        expect(ms).to.be.above(1400);
      });

      it('says at the deadline that a port did not close', () => {
        const { results, attempts, ms } = of('stays open');
        expect(results).to.deep.equal({ '10.0.0.4,8001': 'no', '10.0.0.8,8001': 'no' });
        expect(ms).to.be.above(1000);
        expect(attempts['10.0.0.8,8001']).to.be.above(0);
      });

      it('kills an attempt that hangs', () => {
        expect(of('closes').hangMs).to.be.below(1000 * HANG_S);
      });

      it('pauses for 200 ms if the answer came at once', () => {
        // By a clock of 10 ms.
        for (const name of NAMES) expect(of(name).pauseMs, name).to.be.above(185);
      });

      it('prints a line for each target and one more, and nothing of what the tool says', () => {
        for (const name of NAMES) expect(of(name).lines, name).to.equal(Object.keys(CASES[name].plans).length + 1);
      });
    });
});

describe('waitArgv', () => {
  it('has the script run by a shell, with a name for its messages', () => {
    expect(waitArgv('open', 1000, []).slice(0, 4)).to.deep.equal(['sh', '-c', WAIT_SCRIPT, 'wait']);
  });

  it('rounds the deadline up, because the shell counts whole seconds', () => {
    const targets = [
      { address: 'fd00::1', port: 80 },
      { address: '10.0.0.1', port: 8001 },
    ];
    expect(waitArgv('closed', 1200, targets).slice(4)).to.deep.equal(['closed', '2', 'fd00::1,80', '10.0.0.1,8001']);
  });
});

describe('parseWait', () => {
  const targets = ['10.0.0.1', '10.0.0.2'].map((address) => ({ address, port: 80 }));
  const NONE = { broken: undefined };

  it('believes nothing without the last line', () => {
    for (const stdout of ['10.0.0.1,80 yes\n10.0.0.2,80 yes\n', 'end\n10.0.0.1,80 yes\n10.0.0.2,80 yes\n', ''])
      expect(targets.map(parseWait(stdout))).to.deep.equal([NONE, NONE]);
  });

  it('takes each target by its own whole line, in whatever order they came', () => {
    const stdout =
      'junk\n10.0.0.2,80 broken 126\n10.0.0.1,80 no\n10.0.0.1,8 yes\n10.0.0.1,80 yes \n 10.0.0.1,80 yes\nend\n';
    expect(targets.map(parseWait(stdout))).to.deep.equal(['no', { broken: 126 }]);
    expect(targets.map(parseWait('10.0.0.2,80 yes\nend\n'))).to.deep.equal([NONE, 'yes']);
  });
});
