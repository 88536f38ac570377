/** What happens to suites of `podreach/mocha`. */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { SimulatedCluster } from './cluster/simulated-cluster.ts';
import { execFaults } from './exec-faults.ts';
import { expectEmpty, expectNothingHere, expectSound, whileProbing } from './fault.ts';
import { type Outcome, podreach, type RunningOptions } from './podreach.ts';
import type { RunFault } from './run-faults.ts';

/** Time for `podreach cluster gc`, on a busy machine. */
const PARTING_MS = 30_000;

/** Runs mocha on suites of test/faults/suites. */
const mocha = (
  { kubeconfig }: SimulatedCluster,
  args: readonly string[],
  { env = {}, ...options }: Partial<RunningOptions> = {},
): Promise<Outcome> =>
  podreach(['--no-config', ...args], {
    ...{ boundMs: 90_000, partingMs: PARTING_MS, program: 'node_modules/mocha/bin/mocha.js' },
    ...options,
    env: { SUITE_KUBECONFIG: kubeconfig, ...env },
  });

/** Runs mocha, and does something to it while the first matrix is probed. */
const struck = (
  cluster: SimulatedCluster,
  args: readonly string[],
  strike: (pid: number) => void,
): Promise<Outcome> => {
  let pid = 0;
  cluster.interfere(whileProbing(cluster, { act: () => strike(pid) }));
  const onStart = (started: number): void => {
    pid = started;
  };
  return mocha(cluster, args, { onStart });
};

/** Ctrl-C of a terminal, which all processes of the group get. */
const interrupt = (pid: number): void => void process.kill(-pid, 'SIGINT');

const kill = (pid: number): void => void process.kill(pid, 'SIGKILL');

const killWorkers = (pid: number): void => {
  for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number))
    if (readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('mocha/lib/nodejs/worker')) kill(child);
};

const [ONE, TWO] = ['one', 'two'].map((name) => `test/faults/suites/${name}.ts`) as [string, string];
const PARALLEL = ['--parallel', '--jobs', '2', ONE, TWO];
const SHARED = ['--require', './src/mocha/index.ts', ...PARALLEL];

/** Something that ends mocha or its workers, and mocha's exit code then, where it is podreach's to decide. */
const fault = (
  name: string,
  args: readonly string[],
  strike: (pid: number) => void,
  exitCode?: number | undefined,
): RunFault => ({
  name,
  exitCode,
  test: async (cluster) => {
    const outcome = await struck(cluster, args, strike);
    expectNothingHere(outcome);
    if (exitCode !== undefined) expect(outcome.exitCode, outcome.text).to.equal(exitCode);
    await expectEmpty(cluster);
  },
});

export const mochaFaults: readonly RunFault[] = [
  {
    name: 'mocha interrupted while probing',
    exitCode: 130,
    test: async (cluster) => {
      const outcome = await struck(cluster, [ONE], interrupt);
      expectSound(outcome);
      expect(outcome.exitCode, outcome.text).to.equal(130);
      await expectEmpty(cluster);
    },
  },
  fault('mocha killed while probing', [ONE], kill),
  fault('mocha --parallel interrupted while probing', PARALLEL, interrupt),
  fault('mocha --parallel --require podreach/mocha interrupted while probing', SHARED, interrupt, 130),
  fault('workers of mocha --parallel killed while probing', PARALLEL, killWorkers, 2),
];

/** The option `evidence` of a suite. */
export const expectEvidence = async (cluster: SimulatedCluster, folder: string): Promise<void> => {
  cluster.interfere(execFaults[0]?.arrange(cluster) ?? {});
  const outcome = await mocha(cluster, [ONE], { env: { SUITE_EVIDENCE: folder } });
  expect(outcome.exitCode, outcome.text).to.equal(1);
  const [scenario = ''] = await readdir(folder);
  const files = await readdir(join(folder, scenario), { recursive: true });
  expect(files, outcome.text).to.satisfy((all: readonly string[]) => all.some((file) => file.endsWith('.yaml')));
};
