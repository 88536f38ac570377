/** What happens to suites of `podreach/mocha`. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { leftNamespaces, type SimulatedCluster } from './cluster/simulated-cluster.ts';
import { execFaults } from './exec-faults.ts';
import { expectCleanUp, expectEmpty, expectSound, whileProbing } from './fault.ts';
import { type Outcome, podreach, type RunningOptions } from './podreach.ts';
import type { RunFault } from './run-faults.ts';

/** Runs mocha on suites of test/faults/suites. */
const mocha = (
  { kubeconfig }: SimulatedCluster,
  args: readonly string[],
  { env = {}, ...options }: Partial<RunningOptions> = {},
): Promise<Outcome> =>
  podreach(['--no-config', ...args], {
    ...{ boundMs: 90_000, program: 'node_modules/mocha/bin/mocha.js' },
    ...options,
    env: { SUITE_KUBECONFIG: kubeconfig, ...env },
  });

/** Ctrl-C of a terminal, which all processes of the group get. */
const interrupted = (cluster: SimulatedCluster, args: readonly string[]): Promise<Outcome> => {
  let pid = 0;
  cluster.interfere(whileProbing(cluster, { act: () => void process.kill(-pid, 'SIGINT') }));
  const onStart = (started: number): void => {
    pid = started;
  };
  return mocha(cluster, args, { onStart });
};

const [ONE, TWO] = ['one', 'two'].map((name) => `test/faults/suites/${name}.ts`) as [string, string];

export const mochaFaults: readonly RunFault[] = [
  {
    name: 'mocha interrupted while probing',
    exitCode: 130,
    test: async (cluster) => {
      const outcome = await interrupted(cluster, [ONE]);
      expectSound(outcome);
      expect(outcome.exitCode, outcome.text).to.equal(130);
      await expectEmpty(cluster);
    },
  },
  {
    // Mocha ends its workers before they can clean up, and its own exit code may be anything.
    name: 'mocha --parallel interrupted while probing',
    exitCode: undefined,
    test: async (cluster) => {
      const outcome = await interrupted(cluster, ['--parallel', '--jobs', '2', ONE, TWO]);
      expectSound(outcome);
      if (leftNamespaces(cluster).length > 0) await expectCleanUp(cluster);
    },
  },
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
