import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import {
  type Cell,
  leaseCluster,
  loadScenarios,
  PodreachError,
  type RunResult,
  runScenarios,
  silent,
} from '../../src/index.ts';
import { usedMiB } from './memory.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const configFile = fileURLToPath(new URL('../../kind-config.yaml', import.meta.url));

/** One run over scenarios, as the soak sees it. */
export interface Round {
  readonly ok: boolean;
  /** The memory that this process uses afterwards, in MiB: all rounds run in one process. */
  readonly usedMiB: number;
  readonly seconds: number;
  readonly cells: number;
  /** Cells whose verdict is not the expected one, and flaky ones. */
  readonly wrong: readonly string[];
  /** Cells that are errors: not good, but not wrong. */
  readonly broken: number;
  /** Why it is not as expected, if no cell says so. */
  readonly problems: readonly string[];
}

/** The expectations of the repository's scenarios are right, so a mismatch is a wrong verdict here. */
const isWrong = ({ status }: Cell): boolean => status === 'mismatch' || status === 'flaky';

const cellText = ({ from, to, port, protocol, observed, observation }: Cell): string =>
  `${from} -> ${to} ${port}/${protocol} ${observed} (${observation?.detail ?? ''})`;

const problemsOf = ({ problem, scenarios }: RunResult): readonly string[] => [
  ...(problem === undefined ? [] : [problem]),
  ...scenarios.flatMap(({ name, steps }) =>
    steps.flatMap((step) => (step.problem === undefined ? [] : [`${name}, ${step.name}: ${step.problem}`])),
  ),
];

/** The defaults of `podreach run`. */
const OPTIONS = {
  workers: 3,
  timeoutMs: 1500,
  sampling: false,
  recording: false,
  settleTimeoutMs: 30_000,
  retries: 1,
  bail: false,
  keep: false,
  progress: silent,
};

/** Runs scenarios on the kept cluster, in this process, and reads the results. */
export const runRound = async (paths: readonly string[]): Promise<Round> => {
  const startMs = performance.now();
  const signal = new AbortController().signal;
  const lease = () => leaseCluster({ configFile, images: 'auto', keep: true, progress: silent, signal });
  const ended = { usedMiB: 0, seconds: 0, cells: 0, wrong: [], broken: 0 };
  const seconds = () => Math.round((performance.now() - startMs) / 1000);
  try {
    const result = await runScenarios(await loadScenarios([...paths]), lease, { ...OPTIONS, signal });
    const steps = result.scenarios.flatMap((scenario) => scenario.steps.map((step) => ({ scenario, step })));
    const cells = steps.flatMap(({ step }) => step.cells);
    return {
      ok: result.problem === undefined && result.scenarios.every(({ status }) => status === 'pass'),
      usedMiB: usedMiB(),
      seconds: seconds(),
      cells: cells.length,
      wrong: steps.flatMap(({ scenario, step }) =>
        step.cells.filter(isWrong).map((cell) => `${scenario.name}, ${step.name}: ${cellText(cell)}`),
      ),
      broken: cells.filter(({ observed }) => observed === 'error').length,
      problems: problemsOf(result),
    };
  } catch (error) {
    if (!(error instanceof PodreachError)) throw error;
    return { ...ended, ok: false, usedMiB: usedMiB(), seconds: seconds(), problems: [error.message] };
  }
};

/** Brings the kept cluster up if necessary, and returns its name. */
export const clusterUp = async (): Promise<string> => {
  const args = ['src/cli.ts', 'cluster', 'up'];
  const { stdout } = await execa(process.execPath, args, { cwd: root, stdin: 'ignore', stderr: 'inherit' });
  const name = /^cluster (\S+) is up/v.exec(stdout)?.[1];
  if (name === undefined) throw new Error(`cluster up did not print its name: ${stdout}`);
  return name;
};

/** Runs podreach on the command line; throws if it does not end well. */
export const runToEnd = async (args: readonly string[]): Promise<void> => {
  await execa(process.execPath, ['src/cli.ts', ...args], { cwd: root, stdio: 'ignore' });
};
