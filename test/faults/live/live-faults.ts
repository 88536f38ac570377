import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { expectSound } from '../fault.ts';
import type { Outcome } from '../podreach.ts';
import { brokenCells } from '../truth.ts';
import { type LiveCluster, liveCluster, untilWell } from './cluster.ts';
import { onNode, runStruck } from './strike.ts';

/** Something that goes wrong in a real cluster. */
export interface LiveFault {
  /** As its row in docs/reliability.md. */
  readonly name: string;
  readonly exitCode: number | undefined;
  /** Those of one turn begin together, because none harms the runs of another. */
  readonly turn: number;
  test(cluster: LiveCluster): Promise<void>;
}

const expectEnd = async (cluster: LiveCluster, outcome: Outcome, exitCode: number, ...says: RegExp[]) => {
  expectSound(outcome);
  expect(outcome.exitCode, outcome.text).to.equal(exitCode);
  for (const words of says) expect(outcome.text).to.match(words);
  expect(await cluster.left()).to.deep.equal([]);
};

/** The process that programs the policies of a node, as the node numbers it. */
const FELIX = "$(pgrep -f 'calico-node -felix$')";

/** What the kubelet starts anew; in the middle of the matrix, whose policies are in force by then. */
const KILL_API_SERVER = 'sleep 2; kill -KILL $(pgrep -x kube-apiserver)';

/** A matrix that is still under way when the fault has happened, even on a busy machine. */
const LONG_MATRIX = { flags: ['--timeout', '6000'] };

const KILLS = 3;
const LONGEST_MS = 8000;

export const liveFaults: readonly LiveFault[] = [
  {
    name: 'live: pod deleted while probing',
    exitCode: 2,
    turn: 1,
    test: async (cluster) => {
      const strike = {
        policy: 'web-from-dev',
        act: (namespace: string) =>
          cluster.client.delete(`/api/v1/namespaces/${namespace}/pods/web?gracePeriodSeconds=0`),
      };
      const outcome = await runStruck(cluster, ['one'], strike, LONG_MATRIX);
      await expectEnd(cluster, outcome, 2, /prod\/web/v);
      // All that touch it, even those that had their answer before: nobody knows what they would be now.
      const others = ['prod/db', 'dev/client'];
      expect(outcome.report && brokenCells(outcome.report)).to.have.members([
        ...['80/TCP', '53/UDP'].flatMap((port) => [...others, 'prod/web'].map((from) => `${from} -> prod/web ${port}`)),
        'prod/web -> prod/db 5432/TCP',
      ]);
    },
  },
  {
    name: 'live: calico-node stopped on one node, with policies that are stale',
    exitCode: 2,
    turn: 2,
    test: async (cluster) => {
      const node = cluster.nodes.find((name) => name !== cluster.controlPlane) ?? cluster.controlPlane;
      const resume = () => onNode(node, `kill -CONT ${FELIX}`);
      // In the middle of the first matrix, whose policies are in force by then; from then on this node learns nothing.
      const strike = {
        policy: 'web-from-dev',
        act: () => onNode(node, `sleep 1; kill -STOP ${FELIX}`),
        undo: resume,
      };
      try {
        const outcome = await runStruck(cluster, ['one', 'two'], strike, { flags: ['--settle-timeout', '8000'] });
        await expectEnd(cluster, outcome, 2, new RegExp(`not enforced after 8 s on node ${node}`));
      } finally {
        await resume();
        await untilWell(cluster);
      }
    },
  },
  {
    name: 'live: DNS broken',
    exitCode: 2,
    turn: 1,
    test: async (cluster) => {
      // Without servers behind it, as if CoreDNS were down.
      const select = (app: string) => {
        const selector = JSON.stringify({ spec: { selector: { 'k8s-app': app } } });
        return cluster.kubectl('--namespace', 'kube-system', 'patch', 'service', 'kube-dns', '--patch', selector);
      };
      try {
        await select('nothing');
        const outcome = await cluster.run(['named']);
        await expectEnd(cluster, outcome, 2, /dns:prod\/web/v);
      } finally {
        await select('kube-dns');
      }
    },
  },
  {
    name: 'live: API server killed while probing',
    exitCode: 2,
    turn: 3,
    test: async (cluster) => {
      const strike = {
        policy: 'web-from-dev',
        act: () => onNode(cluster.controlPlane, KILL_API_SERVER),
        undo: () => untilWell(cluster),
      };
      const outcome = await runStruck(cluster, ['one'], strike, LONG_MATRIX);
      await untilWell(cluster);
      expectSound(outcome);
      expect(outcome.exitCode, outcome.text).to.equal(2);
      // What it could not delete in time goes with the next run.
      await expectEnd(cluster, await cluster.run(['one']), 0);
    },
  },
  {
    name: 'live: two runs at once on one cluster',
    exitCode: 0,
    turn: 4,
    test: async (cluster) => {
      const outcomes = await Promise.all([cluster.run(['one']), cluster.run(['one', 'two'])]);
      for (const outcome of outcomes) await expectEnd(cluster, outcome, 0);
    },
  },
  {
    name: 'live: SIGKILL at random moments',
    exitCode: undefined,
    turn: 5,
    test: async (cluster) => {
      const killOne = async () => {
        const afterMs = randomInt(500, LONGEST_MS);
        let timer: NodeJS.Timeout | undefined;
        const { processes } = await cluster.run(['one'], {
          onStart: (pid) => {
            timer = setTimeout(() => process.kill(pid, 'SIGKILL'), afterMs);
          },
        });
        // The run may well have ended before.
        clearTimeout(timer);
        expect(processes, `killed after ${afterMs} ms`).to.deep.equal([]);
      };
      await Promise.all(Array.from({ length: KILLS }, killOne));
      await expectEnd(cluster, await cluster.run(['one']), 0);
    },
  },
];

export const testLiveFaults = (faults: readonly LiveFault[]): void => {
  let cluster: LiveCluster;
  const begun = new Map<LiveFault, Promise<unknown>>();
  before(async () => {
    cluster = await liveCluster();
  });
  after(async () => {
    await Promise.all(begun.values());
    cluster.client.close();
  });
  /** Resolves to what it failed with, because nobody may wait for it yet. */
  const begin = (fault: LiveFault): Promise<unknown> => {
    const result = begun.get(fault) ?? fault.test(cluster).catch((error) => error);
    begun.set(fault, result);
    return result;
  };
  for (const fault of faults)
    it(fault.name, async () => {
      for (const other of faults.filter(({ turn }) => turn === fault.turn)) void begin(other);
      const failure = await begin(fault);
      if (failure !== undefined) throw failure;
    });
};
