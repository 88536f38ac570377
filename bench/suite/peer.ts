import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { leaseCluster } from '../../src/cluster/index.ts';
import { PodreachError } from '../../src/errors.ts';
import { progressLines } from '../../src/progress.ts';

const configFile = fileURLToPath(new URL('../../kind-config.yaml', import.meta.url));

/** The image that Cyclonus 0.5 asks for; the probe image serves the same ports. */
const IMAGE = 'registry.k8s.io/e2e-test-images/agnhost:2.43';
const ATTEMPTS = 3;
/** Its steps that need no change of pods or labels. */
const INCLUDED = 'any-peer';

/**
 * Runs some steps of Cyclonus (https://github.com/mattfenwick/cyclonus) on podreach's cluster, with TCP and UDP, a timeout
 * of 2 s and no retries, and prints how long a step took. The time includes its pods' start.
 */
export const runPeer = async (program: string): Promise<void> => {
  const progress = progressLines((line) => void process.stderr.write(`${line}\n`));
  const { signal } = new AbortController();
  const lease = await leaseCluster({ images: 'auto', configFile, keep: true, progress, signal });
  const folder = await mkdtemp(join(tmpdir(), 'podreach-peer-'));
  try {
    const { cluster } = lease;
    for (const node of await nodesOf(cluster.name))
      await execa('docker', [
        'exec',
        node,
        'ctr',
        '-n',
        'k8s.io',
        'images',
        'tag',
        '--force',
        cluster.probeImage,
        IMAGE,
      ]);
    const results = join(folder, 'junit.xml');
    const limits = [
      '--server-protocol',
      'TCP,UDP',
      '--job-timeout-seconds',
      '2',
      '--retries',
      '0',
      '--ignore-loopback',
    ];
    const argv = [
      'generate',
      ...limits,
      '--include',
      INCLUDED,
      '--cleanup-namespaces',
      '--junit-results-file',
      results,
    ];
    const run = async () => {
      const startMs = performance.now();
      const env = { KUBECONFIG: cluster.kubeconfig };
      const { exitCode, all } = await execa(program, argv, { env, reject: false, all: true });
      const seconds = (performance.now() - startMs) / 1000;
      const report = await readFile(results, 'utf8').catch(() => '');
      return { exitCode, all, seconds, report, steps: report.match(/<testcase/g)?.length ?? 0 };
    };
    let last = await run();
    // It ends early if a pod changes while it labels it.
    for (let tried = 1; last.steps === 0 && tried < ATTEMPTS; tried += 1) last = await run();
    const { exitCode, all, seconds, report, steps } = last;
    if (steps === 0) throw new PodreachError(`${program} ended with ${exitCode} and no results:\n${all.slice(-2000)}`);
    const failed = report.match(/<failure/g)?.length ?? 0;
    process.stdout.write(
      `${program}: ${steps} steps in ${seconds.toFixed(1)} s, ${(seconds / steps).toFixed(2)} s a step, ${failed} failed\n`,
    );
  } finally {
    await rm(folder, { recursive: true });
    await lease.release();
  }
};

/** kind labels its containers. */
const nodesOf = async (cluster: string): Promise<readonly string[]> => {
  const filter = `label=io.x-k8s.kind.cluster=${cluster}`;
  const { stdout } = await execa('docker', ['ps', '--filter', filter, '--format', '{{.Names}}']);
  return stdout.split('\n');
};
