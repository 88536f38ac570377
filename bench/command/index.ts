import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { largeComparison } from './large-comparison.ts';
import { millionCells } from './million-cells.ts';

/**
 * What the commands cost that need no cluster, as users run them: built, each in a process of its own. Of several
 * processes the one that used least counts, because whatever else the machine does only adds to it.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const REPEATS = 10;

const SHORT: readonly (readonly [argv: readonly string[], limitMs: number])[] = [
  [['--help'], 300],
  [['run', '--help'], 300],
  [['completion', 'bash'], 300],
  [['model', 'scenarios/deny-all'], 300],
  [['compare', 'scenarios/deny-all', 'scenarios/allow-from-dev'], 300],
  [['explain', 'scenarios/deny-all', 'dev/client', 'prod/web', '80'], 300],
];

/** The same million cells, with nothing to judge and with an expectation for each. */
const LARGE: readonly (readonly [expectation: string, limit: string])[] = [
  ['model', '(limit: 300 MB)'],
  ['{default: allow}', ''],
];

export const benchCommand = async (): Promise<void> => {
  await execa('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  for (const [argv, limitMs] of SHORT) {
    const runs = [];
    for (let run = 0; run <= REPEATS; run += 1) runs.push(await usageOf(argv));
    // The first one compiles.
    const cpuMs = Math.min(...runs.slice(1).map((usage) => usage.cpuMs));
    const peakMb = Math.max(...runs.map((usage) => usage.peakMb));
    say(`podreach ${argv.join(' ')}`, cpuMs, peakMb, `(limit: ${limitMs} ms)`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'podreach-bench-'));
  try {
    await mkdir(join(folder, 'policies'));
    for (const [expectation, limit] of LARGE) {
      for (const [path, text] of Object.entries(millionCells(expectation))) await writeFile(join(folder, path), text);
      const { cpuMs, peakMb } = await usageOf(['model', folder, '--reporter', `json=${join(folder, 'run.json')}`]);
      say(`a million cells as JSON, expect: ${expectation}`, cpuMs, peakMb, limit);
    }
    for (const [path, text] of Object.entries(largeComparison())) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const { cpuMs, peakMb } = await usageOf(['compare', join(folder, 'before'), join(folder, 'after')]);
    say('compare, 10,000 pods and 1,000 policies, one of them changed', cpuMs, peakMb, '(limit: 1000 ms)');
  } finally {
    await rm(folder, { recursive: true });
  }
};

interface Usage {
  readonly cpuMs: number;
  readonly peakMb: number;
}

const usageOf = async (argv: readonly string[]): Promise<Usage> => {
  const program = ['--require', join(root, 'bench/command/usage.cjs'), join(root, 'bin/podreach.cjs')];
  const { stderr } = await execa(process.execPath, [...program, ...argv], {
    cwd: root,
    stdout: 'ignore',
    reject: false,
  });
  return JSON.parse(stderr.split('\n').at(-1) ?? '') as Usage;
};

const say = (what: string, cpuMs: number, peakMb: number, limit: string): void =>
  void process.stdout.write(
    `${what.padEnd(66)} ${cpuMs.toFixed(0).padStart(6)} ms of processor  ${peakMb.toFixed(0).padStart(4)} MB  ${limit}`
      .trimEnd()
      .concat('\n'),
  );
