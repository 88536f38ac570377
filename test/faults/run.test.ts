import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from './cluster/simulated-cluster.ts';
import { expectEvidence, mochaFaults } from './mocha-faults.ts';
import { runFaults, testRunFaults } from './run-faults.ts';

describe('faults of whole runs', () => testRunFaults([...runFaults, ...mochaFaults]));

describe('a suite of podreach/mocha that does not pass', () => {
  it('leaves evidence where it is asked to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'podreach-faults-evidence-'));
    const cluster = await startCluster();
    try {
      await expectEvidence(cluster, folder);
    } finally {
      await cluster.close();
      await rm(folder, { recursive: true });
    }
  }).timeout(150_000);
});
