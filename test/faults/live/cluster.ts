import { setTimeout as sleep } from 'node:timers/promises';
import { inCluster, type KeptCluster, keptCluster, leftBefore, leftovers } from '../../../scripts/soak/leftovers.ts';
import { type Client, connect } from '../../../src/kube/index.ts';
import { podreach as commandLine } from '../../e2e/door.ts';
import { type Outcome, podreach } from '../podreach.ts';

/** The kept cluster that the live tests share, and the ways to interfere with it. */
export interface LiveCluster extends KeptCluster {
  /** Runs scenarios of test/faults on it by its context, so that no fault recreates it. */
  run(scenarios: readonly string[], options?: LiveRun): Promise<Outcome>;
  kubectl(...args: readonly string[]): Promise<readonly string[]>;
  readonly client: Client;
  /** What runs left since this began. */
  left(): Promise<readonly string[]>;
}

export interface LiveRun {
  readonly flags?: readonly string[];
  readonly onStart?: (pid: number) => void;
}

const PROBE_IMAGE = 'registry.k8s.io/e2e-test-images/agnhost:2.56';
const BOUND_MS = 180_000;

/** Brings the kept cluster up where it is not. */
export const liveCluster = async (): Promise<LiveCluster> => {
  const { stdout, all } = await commandLine('cluster', 'up');
  const [, name, kubeconfig] = /^cluster (\S+) is up\s+kubectl --kubeconfig (\S+)/v.exec(stdout) ?? [];
  if (name === undefined || kubeconfig === undefined) throw new Error(`the cluster is not up:\n${all}`);
  const cluster = await keptCluster(name);
  const before = await leftBefore(cluster);
  return {
    ...cluster,
    run: (scenarios, { flags = [], onStart } = {}) =>
      podreach(
        [
          ...['run', ...scenarios.map((one) => `test/faults/scenarios/${one}`)],
          ...['--context', `kind-${name}`, '--kubeconfig', kubeconfig, '--probe-image', PROBE_IMAGE, '--workers', '1'],
          ...flags,
        ],
        { boundMs: BOUND_MS, ...(onStart && { onStart }) },
      ),
    kubectl: (...args) => inCluster(cluster, ...args),
    client: connect(kubeconfig, `kind-${name}`),
    left: () => leftovers(cluster, before),
  };
};

const READY_MS = 120_000;

/** Waits until the API server answers and every pod of the system is ready again. */
export const untilWell = async ({ kubectl }: LiveCluster): Promise<void> => {
  const endMs = performance.now() + READY_MS;
  for (;;) {
    const args = [
      '--namespace',
      'kube-system',
      'wait',
      'pods',
      '--all',
      '--for',
      'condition=Ready',
      '--timeout',
      '60s',
    ];
    const isWell = await kubectl(...args).then(
      () => true,
      () => false,
    );
    if (isWell) return;
    if (performance.now() > endMs) throw new Error('the cluster did not get well again');
    await sleep(1000);
  }
};
