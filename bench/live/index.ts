import { cpus } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { type Lease, leaseCluster } from '../../src/cluster/index.ts';
import { baseline, probeMatrix } from '../../src/probe/index.ts';
import { progressLines } from '../../src/progress.ts';
import { nodesOf } from '../../src/run/matrix.ts';
import { type Pod, type Policy, probesOf, type Topology } from '../../src/scenario/index.ts';
import { timed } from '../../src/stopwatch.ts';
import { onCluster } from '../on-cluster.ts';
import { growthOf } from './growth.ts';

/**
 * How long a full live matrix takes, and how near that is to what it can't be faster than:
 * enforcement latency + one exec + max(timeout, the processor's time for the probes). The processor's time is that of the
 * same matrix with nothing blocked, measured in the same run, since then nothing waits. What a probe costs, its server and
 * the cluster's own work included, is what the processors do meanwhile.
 */

const sizes = [9, 18, 36, 72, 100];
const timeoutMs = 1500;
const namespaceNames = ['x', 'y', 'z'];

/** Pods with two TCP ports each, spread over three namespaces; every other pod is to be closed, the first too. */
const topologyOf = (count: number): Topology => {
  const pods = Array.from({ length: count }, (_, index): Pod => {
    const namespace = namespaceNames[index % namespaceNames.length] ?? '';
    const name = `pod-${index}`;
    const labels = { closed: String(index % 2 === 0) };
    const ports = [80, 81].map((number) => ({ number, protocol: 'TCP' as const }));
    return { endpoint: `${namespace}/${name}`, namespace, name, labels, ports };
  });
  return {
    hosts: [],
    nodes: [],
    services: [],
    namespaces: namespaceNames.map((name) => ({
      name,
      labels: {},
      pods: pods.filter((pod) => pod.namespace === name),
    })),
  };
};

const closing = (namespace: string): Policy => ({
  name: 'close',
  namespace,
  file: 'bench/live.ts',
  line: 1,
  manifest: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'close', namespace },
    spec: { podSelector: { matchLabels: { closed: 'true' } }, policyTypes: ['Ingress'], ingress: [] },
  },
});

const progress = progressLines((line) => void process.stderr.write(`${line}\n`));
const interruption = new AbortController();
process.on('SIGINT', () => interruption.abort());
const { signal } = interruption;

const measure = (count: number, lease: Lease) =>
  onCluster(lease, signal, async ({ deployments, canary }) => {
    const topology = topologyOf(count);
    const deployed = await timed(() => deployments.acquire(topology));
    const deployment = deployed.value;
    const probes = probesOf(topology);
    await baseline(deployment, probes, { timeoutMs, signal });
    const busyMs = busyMsSoFar();
    const open = await timed(() => probeMatrix(deployment, probes, { timeoutMs, retries: 0, signal }));
    const openBusyMs = busyMsSoFar() - busyMs;
    const source = deployment.source(probes[0]?.from ?? '');
    const exec = await timed(() => source.exec(['true'], { deadlineMs: 10_000, signal }));
    const applied = await timed(() => deployment.applyPolicies(namespaceNames.map(closing)));
    const settleMs = await canary.settle(nodesOf(deployment));
    const closed = await timed(() => probeMatrix(deployment, probes, { timeoutMs, retries: 0, signal }));
    const verdicts = Map.groupBy(closed.value, ({ verdict }) => verdict);
    const wrong = closed.value.filter(({ from, to, verdict }) => {
      const expected = from !== to && Number(to.split('-')[1]) % 2 === 0 ? 'dropped' : 'allowed';
      return verdict !== expected;
    });
    const latencyMs = applied.ms + settleMs;
    return {
      pods: count,
      'deploy s': seconds(deployed.ms),
      cells: probes.length,
      probes: probes.length * 2,
      dropped: (verdicts.get('dropped')?.length ?? 0) * 2,
      wrong: wrong.length,
      'latency s': seconds(latencyMs),
      'exec s': seconds(exec.ms),
      'open matrix s': seconds(open.ms),
      'processor ms a probe': ratio(openBusyMs / (probes.length * 2)),
      'matrix s': seconds(closed.ms),
      'x timeout': ratio(closed.ms / timeoutMs),
      'x limit': ratio((latencyMs + closed.ms) / (latencyMs + exec.ms + Math.max(timeoutMs, open.ms))),
    };
  });

/** What all processors of this machine have done; on a quiet machine, that is what the bench makes them do. */
const busyMsSoFar = (): number =>
  cpus().reduce(
    (sum, { times: { idle: _, ...busy } }) => sum + Object.values(busy).reduce((all, ms) => all + ms, 0),
    0,
  );

const seconds = (ms: number) => (ms / 1000).toFixed(2);
const ratio = (value: number) => value.toFixed(2);

const configFile = fileURLToPath(new URL('../../kind-config.yaml', import.meta.url));

/** The numbers of pods to measure, or the usual ones. */
export const benchLive = async (chosen: readonly string[]): Promise<void> => {
  const lease = await leaseCluster({ images: 'auto', configFile, keep: false, progress, signal });
  try {
    process.stdout.write(`timeout ${timeoutMs} ms, 2 ports a pod, nc and wget for each cell\n`);
    const rows: Record<string, unknown>[] = [];
    for (const count of chosen.length > 0 ? chosen.map(Number) : sizes) {
      rows.push(await progress.during(`${count} pods`, () => measure(count, lease)));
    }
    const columns = Object.keys(rows[0] ?? {});
    const lines = [columns, ...rows.map((row) => columns.map((column) => String(row[column])))];
    for (const line of lines) {
      process.stdout.write(`${line.map((text, index) => text.padStart((columns[index] ?? '').length)).join('  ')}\n`);
    }
    const points = rows.map((row) => ({ size: Number(row.cells), seconds: Number(row['matrix s']) }));
    if (points.length > 1) process.stdout.write(`the matrix grows by the power ${ratio(growthOf(points))} in cells\n`);
  } finally {
    await lease.release();
  }
};
