import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import { type Lease, leaseCluster } from '../../src/cluster/index.ts';
import type { Deployment } from '../../src/deploy/index.ts';
import type { Client } from '../../src/kube/index.ts';
import { baseline } from '../../src/probe/index.ts';
import { progressLines } from '../../src/progress.ts';
import { evaluate, hasReached, rankedAt, startRecorder } from '../../src/record/index.ts';
import { nodesOf } from '../../src/run/matrix.ts';
import { tickOf } from '../../src/run/record-change.ts';
import { probesOf } from '../../src/scenario/index.ts';
import { onCluster } from '../on-cluster.ts';
import { curve, type Point } from './curve.ts';
import { type Load, loads } from './loads.ts';
import { closedServer, FIRST_PORT, opening, SERVER, topologyWith } from './world.ts';

/**
 * How long a policy takes to be enforced while others arrive with it. Each policy opens one port of one pod; up to 20 of
 * the ports, from the first policy's to the last one's, are recorded from pods on every node. A time runs from when the
 * API server accepted that policy.
 */

const WATCHED_AT_MOST = 20;
/** As many requests as Kubernetes' controllers have under way, by default. */
const AT_ONCE = 20;
const DEADLINE_MS = 120_000;

const progress = progressLines((line) => void process.stderr.write(`${line}\n`));
const interruption = new AbortController();
process.on('SIGINT', () => interruption.abort());
const { signal } = interruption;

/** The numbers of the policies whose ports are recorded. */
const watchedOf = (count: number): readonly number[] => {
  const watched = Math.min(count, WATCHED_AT_MOST);
  return Array.from({ length: watched }, (_, at) =>
    watched === 1 ? 0 : Math.round((at * (count - 1)) / (watched - 1)),
  );
};

/** Applies the policies, and returns when each was accepted. */
const applyAll = async (client: Client, deployment: Deployment, { count, perSecond, excepts }: Load) => {
  const limit = pLimit(AT_ONCE);
  const startMs = performance.now();
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      limit(async () => {
        if (perSecond !== undefined) await sleep(Math.max(0, startMs + (1000 * index) / perSecond - performance.now()));
        await client.apply(opening(index, deployment.namespaceOf('x'), excepts), { signal });
        return performance.now();
      }),
    ),
  );
};

const measure = async (load: Load, client: Client, deployment: Deployment) => {
  const watched = watchedOf(load.count);
  const server = deployment.endpoints.get(SERVER);
  const [host = ''] = server?.addresses ?? [];
  const targets = watched.map((index) => ({ host, port: FIRST_PORT + index }));
  const sources = [...deployment.endpoints.values()].filter(({ endpoint }) => endpoint !== SERVER);
  const tickMs = tickOf(targets.length * sources.length);
  // Many that arrive at once take the API server a while.
  const lifetimeMs = 2 * DEADLINE_MS + (1000 * load.count) / (load.perSecond ?? load.count);
  const recorders = await Promise.all(
    sources.map(({ endpoint }) => startRecorder(deployment.source(endpoint), targets, { tickMs, lifetimeMs, signal })),
  );
  try {
    const startMs = performance.now();
    const accepted = await applyAll(client, deployment, load);
    const applyMs = performance.now() - startMs;
    const endMs = performance.now() + DEADLINE_MS;
    const isDone = () =>
      recorders.every((recorder) =>
        targets.every((_, at) => hasReached(recorder.samples(at, 12), true, accepted[watched[at] ?? 0] ?? 0)),
      );
    while (!isDone() && performance.now() < endMs) await sleep(20, undefined, { signal });
    const cell = {
      from: '',
      to: SERVER,
      port: 0,
      protocol: 'TCP',
      direction: 'opened',
      fromNode: '',
      toNode: '',
    } as const;
    const cells = recorders.flatMap((recorder) =>
      targets.map((_, at) => evaluate(cell, recorder.samples(at), accepted[watched[at] ?? 0] ?? 0)),
    );
    return { applyMs, tickMs, times: cells.map(({ enforcedMs }) => enforcedMs) };
  } finally {
    await Promise.all(recorders.map((recorder) => recorder.stop()));
  }
};

/** Its line in the table, and its point of the curve. */
const row = (load: Load, lease: Lease): Promise<readonly [string, Point]> =>
  onCluster(lease, signal, async ({ client, deployments, canary }) => {
    const topology = topologyWith(watchedOf(load.count));
    const deployment = await deployments.acquire(topology);
    await baseline(deployment, probesOf(topology), { signal });
    await client.apply(closedServer(deployment.namespaceOf('x')), { signal });
    await canary.settle(nodesOf(deployment));
    const { applyMs, tickMs, times } = await measure(load, client, deployment);
    const sorted = times.filter((ms) => ms !== null).toSorted((one, other) => one - other);
    const at = (part: number): string => seconds(rankedAt(sorted, part));
    const head = [
      String(load.count).padStart(8),
      (load.perSecond === undefined ? 'at once' : `${load.perSecond}/s`).padStart(9),
      String(load.excepts).padStart(7),
    ].join('  ');
    const columns = [
      head,
      seconds(applyMs),
      ...[at(0), at(0.5), at(0.95), at(1)],
      `${tickMs} ms`.padStart(6),
      `${sorted.length}/${times.length}`.padStart(8),
    ];
    return [columns.join('  '), { head, ranked: [0.5, 0.95, 1].map((part) => rankedAt(sorted, part) ?? 0) }];
  });

const seconds = (ms: number | undefined): string => (ms === undefined ? '-' : (ms / 1000).toFixed(2)).padStart(7);

const configFile = fileURLToPath(new URL('../../kind-config.yaml', import.meta.url));

/** With numbers of policies: only the loads of that many. `--keep`: on the kept cluster. */
export const benchEnforce = async (args: readonly string[]): Promise<void> => {
  const keep = args.includes('--keep');
  const counts = args.filter((one) => one !== '--keep');
  const lease = await leaseCluster({ images: 'auto', configFile, keep, progress, signal });
  try {
    process.stdout.write('seconds from when a policy was accepted to the first connection that it allowed\n');
    process.stdout.write('policies       how  excepts  apply s    min s  median s  p95 s    max s    tick  enforced\n');
    const points: Point[] = [];
    for (const load of loads.filter(({ count }) => counts.length === 0 || counts.includes(String(count)))) {
      const [text, point] = await progress.during(`${load.count} policies`, () => row(load, lease));
      points.push(point);
      process.stdout.write(`${text}\n`);
    }
    process.stdout.write(curve(points));
  } finally {
    await lease.release();
  }
};
