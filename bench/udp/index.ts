import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { leaseCluster } from '../../src/cluster/index.ts';
import type { Deployment } from '../../src/deploy/index.ts';
import { type Observation, probeMatrix } from '../../src/probe/index.ts';
import { type SourcePorts, sourcePorts } from '../../src/probe/source-ports.ts';
import { progressLines } from '../../src/progress.ts';
import { nodesOf } from '../../src/run/matrix.ts';
import { type Policy, type Probe, podsOf, type Topology } from '../../src/scenario/index.ts';
import { type OnCluster, onCluster } from '../on-cluster.ts';

/**
 * Whether a tracked connection lets a denied datagram through. Each round opens everything, leaves 400 entries of
 * connection tracking for each of four clients toward one server, closes everything, and probes 400 cells. With
 * source ports of podreach's own none may be allowed; with ports of the kernel's choice some are.
 */
const clients = 4;
const entriesEach = 400;
const cellsEach = 100;
const datagramsPerCell = 2;
const timeoutMs = 1500;

const pod = (name: string, ports: readonly number[]) => ({
  ...{ endpoint: `udp/${name}`, namespace: 'udp', name, labels: {} },
  ports: ports.map((number) => ({ number, protocol: 'UDP' as const })),
});
const topology: Topology = {
  ...{ hosts: [], nodes: [], services: [] },
  namespaces: [
    {
      ...{ name: 'udp', labels: {} },
      pods: [pod('server', [53]), ...Array.from({ length: clients }, (_, index) => pod(`client-${index}`, []))],
    },
  ],
};
const [server, ...sources] = podsOf(topology);

const denyAll: Policy = {
  ...{ name: 'deny-all', namespace: 'udp', file: 'bench/udp/index.ts', line: 1 },
  manifest: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'deny-all', namespace: 'udp' },
    spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [] },
  },
};

/** Port 0 leaves the choice to the kernel, as an nc without -p does. */
const kernelsChoice: SourcePorts = { take: async (_addresses, count) => Array<number>(count).fill(0) };

const cells = (each: number): readonly Probe[] =>
  sources.flatMap(({ endpoint: from }) =>
    Array.from({ length: each }, () => ({ from, to: server?.endpoint ?? '', port: 53, protocol: 'UDP' as const })),
  );

const progress = progressLines((line) => void process.stderr.write(`${line}\n`));
const interruption = new AbortController();
process.on('SIGINT', () => interruption.abort());
const { signal } = interruption;

const count = (observations: readonly Observation[], verdict: Observation['verdict']): number =>
  observations.filter((one) => one.verdict === verdict).length;

const round = async (deployment: Deployment, settle: () => Promise<number>, ports: SourcePorts) => {
  const options = { timeoutMs, ports, signal };
  await deployment.removePolicies();
  await settle();
  const open = await probeMatrix(deployment, cells(entriesEach / datagramsPerCell), options);
  await deployment.applyPolicies([denyAll]);
  await settle();
  const denied = await probeMatrix(deployment, cells(cellsEach), { ...options, retries: 0 });
  return { open: count(open, 'allowed'), denied };
};

/** The number of rounds for each kind of ports; by default 10 and 4, which take some minutes. */
export const benchUdp = async ([own = '10', kernels = '4']: readonly string[]): Promise<void> => {
  const configFile = fileURLToPath(new URL('../../kind-config.yaml', import.meta.url));
  const lease = await leaseCluster({ images: 'auto', configFile, keep: true, progress, signal });
  const work = async ({ deployments, canary }: OnCluster): Promise<void> => {
    const deployment = await deployments.acquire(topology);
    for (const [name, rounds, ports] of [
      ['ports of our own', Number(own), sourcePorts],
      ["ports of the kernel's choice", Number(kernels), kernelsChoice],
    ] as const) {
      const denied: Observation[] = [];
      let open = 0;
      for (let done = 0; done < rounds; done += 1) {
        const seen = await progress.during(`${name}, round ${done + 1} of ${rounds}`, () =>
          round(deployment, () => canary.settle(nodesOf(deployment)), ports),
        );
        open += seen.open;
        denied.push(...seen.denied);
        const of = (verdict: Observation['verdict']) => `${count(denied, verdict)} ${verdict}`;
        process.stdout.write(
          `${name}, after ${done + 1} rounds: ${open} open cells before; of ${denied.length} denied cells ` +
            `(${denied.length * datagramsPerCell} datagrams) ${of('allowed')}, ${of('dropped')}, ${of('rejected')}, ${of('error')}\n`,
        );
      }
    }
  };
  await onCluster(lease, signal, work).finally(lease.release);
};
