import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { PodreachError } from '../../src/errors.ts';
import { type SuiteStep, suiteSteps, suiteTopology } from './generator.ts';
import { runPeer } from './peer.ts';

interface Report {
  readonly timings: { readonly clusterMs: number; readonly totalMs: number };
  readonly scenarios: readonly {
    readonly steps: readonly {
      readonly cells: readonly { readonly status: string }[];
      readonly timings: Readonly<Record<string, number>>;
    }[];
  }[];
}

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

const USAGE = 'usage: npm run bench -- suite [steps] [--peer PATH]';

/**
 * How long a suite of many policies over nine pods takes, and whether each of its cells is as the specification says:
 * the shape of Cyclonus' suite. With `--peer`, that program also runs some of its own steps on the same cluster.
 */
export const benchSuite = async (args: readonly string[]): Promise<void> => {
  const at = args.indexOf('--peer');
  const peer = at < 0 ? undefined : args[at + 1];
  const [count = String(suiteSteps().length)] = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  if (!/^[1-9]\d*$/.test(count) || (at >= 0 && peer === undefined)) throw new PodreachError(USAGE);
  const folder = await mkdtemp(join(tmpdir(), 'podreach-suite-'));
  try {
    await writeSuite(folder, spread(suiteSteps(), Number(count)));
    process.stdout.write(summaryOf(await runSuite(folder)));
  } finally {
    await rm(folder, { recursive: true });
  }
  if (peer !== undefined) await runPeer(peer);
};

/** So many of the steps, evenly spread. */
const spread = (steps: readonly SuiteStep[], count: number): readonly SuiteStep[] =>
  steps.filter(
    (_, index) => Math.floor((index * count) / steps.length) !== Math.floor(((index - 1) * count) / steps.length),
  );

const writeSuite = async (folder: string, steps: readonly SuiteStep[]): Promise<void> => {
  for (const { name, policies } of steps) {
    const own = join(folder, name);
    await mkdir(join(own, 'policies'), { recursive: true });
    await writeFile(join(own, 'scenario.yaml'), asYaml({ ...suiteTopology(), expect: 'model' }));
    await writeFile(join(own, 'policies', 'policies.yaml'), policies.map(asYaml).join('---\n'));
  }
};

/** As kubectl reads it: a namespace called `y` is quoted. */
const asYaml = (value: object): string => stringify(value, { version: '1.1' });

const runSuite = async (folder: string): Promise<Report> => {
  const file = join(folder, 'run.json');
  const argv = [CLI, 'run', '--keep', '--reporter', `json=${file}`, folder];
  const { exitCode } = await execa(process.execPath, argv, { reject: false, stdio: ['ignore', 'ignore', 'inherit'] });
  if (exitCode !== 0 && exitCode !== 1) throw new PodreachError(`podreach run ended with ${exitCode}`);
  return JSON.parse(await readFile(file, 'utf8'));
};

const summaryOf = ({ scenarios, timings: { clusterMs, totalMs } }: Report): string => {
  const steps = scenarios.flatMap((scenario) => scenario.steps);
  const statuses = Map.groupBy(
    steps.flatMap(({ cells }) => cells),
    ({ status }) => status,
  );
  const cells = [...statuses].map(([status, own]) => `${own.length} ${status}`).join(', ');
  const parts = ['applyMs', 'settleMs', 'probeMs'].map((part) => {
    const ms = steps.map(({ timings }) => timings[part] ?? 0).sort((a, b) => a - b);
    const at = (share: number): string => ((ms[Math.floor((ms.length - 1) * share)] ?? 0) / 1000).toFixed(2);
    return `  ${part.replace('Ms', '').padEnd(6)} median ${at(0.5)} s, p95 ${at(0.95)} s, max ${at(1)} s\n`;
  });
  const seconds = (totalMs - clusterMs) / 1000;
  return `${steps.length} steps in ${seconds.toFixed(1)} s without the cluster, ${(seconds / steps.length).toFixed(2)} s a step; cells: ${cells}\n${parts.join('')}`;
};
