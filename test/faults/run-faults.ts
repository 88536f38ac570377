import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type SimulatedCluster, startCluster } from './cluster/simulated-cluster.ts';
import { expectCleanUp, expectEmpty, expectSound, leftIn, runOn, whileProbing } from './fault.ts';
import type { Outcome } from './podreach.ts';

/** Something that happens to a run as a whole. */
export interface RunFault {
  /** As its row in docs/reliability.md. */
  readonly name: string;
  readonly exitCode: number | undefined;
  test(cluster: SimulatedCluster): Promise<void>;
}

/** Runs podreach and sends it signals from the first probe of a matrix on. */
const signalled = async (cluster: SimulatedCluster, ...signals: readonly NodeJS.Signals[]): Promise<Outcome> => {
  let pid = 0;
  const send = async (): Promise<void> => {
    for (const signal of signals) {
      process.kill(pid, signal);
      await sleep(100);
    }
  };
  cluster.interfere(whileProbing(cluster, { act: () => void send() }));
  return runOn(cluster, {}, (started) => {
    pid = started;
  });
};

const interrupted = (signal: NodeJS.Signals, exitCode: number): RunFault => ({
  name: `${signal} while probing`,
  exitCode,
  test: async (cluster) => {
    const outcome = await signalled(cluster, signal);
    expectSound(outcome);
    expect(outcome.exitCode, outcome.text).to.equal(exitCode);
    expect(outcome.text).to.contain(`${signal}: cleaning up`);
    await expectEmpty(cluster);
  },
});

/** Gives the kubeconfig a credential plugin that says nothing and does not end. */
const hangCredentials = async ({ kubeconfig }: SimulatedCluster): Promise<void> => {
  const config = JSON.parse(await readFile(kubeconfig, 'utf8'));
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'sleep',
    args: ['900'],
    interactiveMode: 'Never',
  };
  await writeFile(kubeconfig, JSON.stringify({ ...config, users: [{ ...config.users[0], user: { exec } }] }));
};

export const runFaults: readonly RunFault[] = [
  {
    name: 'two runs at once on one cluster',
    exitCode: 0,
    test: async (cluster) => {
      const outcomes = await Promise.all([runOn(cluster), runOn(cluster, { scenarios: ['one', 'two'] })]);
      for (const outcome of outcomes) {
        expectSound(outcome);
        expect(outcome.exitCode, outcome.text).to.equal(0);
      }
      await expectEmpty(cluster);
    },
  },
  {
    name: 'the reader of standard output leaves early',
    exitCode: 0,
    test: async (cluster) => {
      const through = ['bash', '-c', 'set -o pipefail; "$@" | true', 'bash'];
      const outcome = await runOn(cluster, { scenarios: ['one', 'two'], through });
      expectSound(outcome);
      expect(outcome.exitCode, outcome.text).to.equal(0);
      expect(outcome.report?.scenarios.map(({ status }) => status)).to.deep.equal(['pass', 'pass']);
      await expectEmpty(cluster);
    },
  },
  interrupted('SIGINT', 130),
  interrupted('SIGTERM', 143),
  {
    name: 'SIGINT twice while probing',
    exitCode: 130,
    test: async (cluster) => {
      const outcome = await signalled(cluster, 'SIGINT', 'SIGINT');
      expectSound(outcome);
      expect(outcome.exitCode, outcome.text).to.equal(130);
      if ((await leftIn(cluster)).length > 0) await expectCleanUp(cluster);
    },
  },
  {
    name: 'SIGKILL while probing',
    exitCode: undefined,
    test: async (cluster) => {
      const { processes } = await signalled(cluster, 'SIGKILL');
      expect(processes).to.deep.equal([]);
      await expectCleanUp(cluster);
    },
  },
  {
    name: 'credential plugin that hangs',
    exitCode: 2,
    test: async (cluster) => {
      await hangCredentials(cluster);
      const outcome = await runOn(cluster, { boundMs: 60_000 });
      expectSound(outcome);
      expect(outcome.exitCode, outcome.text).to.equal(2);
      expect(outcome.text).to.match(/sleep/v);
    },
  },
  {
    name: 'SIGINT while a credential plugin hangs',
    exitCode: 130,
    test: async (cluster) => {
      await hangCredentials(cluster);
      const outcome = await runOn(cluster, { boundMs: 15_000 }, (pid) => {
        setTimeout(() => process.kill(pid, 'SIGINT'), 4000);
      });
      expectSound(outcome);
      expect(outcome.exitCode, outcome.text).to.equal(130);
    },
  },
];

export const testRunFaults = (faults: readonly RunFault[]): void => {
  for (const { name, test } of faults)
    it(name, async function () {
      this.timeout(150_000);
      const cluster = await startCluster();
      try {
        await test(cluster);
      } finally {
        await cluster.close();
      }
    });
};
