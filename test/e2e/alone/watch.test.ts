import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { execa } from 'execa';
import { type Client, connect, pathOf } from '../../../src/kube/index.ts';
import type { WatchResult } from '../../../src/watch/index.ts';
import { keptKubeconfig, start } from '../door.ts';

/** prod has five open ports on three pods, of which each reaches the others'; three pods elsewhere have three: 10 + 9 + 15. */
const ISOLATED = 34;
/** Long after each cell was seen open, even on a busy machine. */
const OPEN_MS = 1_500;
/** The requests, and Calico, take some time. */
const SLACK_MS = 10_000;

/** Somebody deletes a policy for a moment while podreach watches, and restarts a kubelet. */
describe('podreach watch', () => {
  let client: Client;
  before(async () => {
    client = connect(await keptKubeconfig());
  });
  after(() => client?.close());

  /** The policy of the scenario that is being watched, in the namespace of that run. */
  const thePolicy = async () => {
    const all = await client.list(pathOf('NetworkPolicy'));
    const [policy] = all.filter(
      ({ metadata: { name, namespace = '' } }) => name === 'deny-all' && namespace.startsWith('prod-'),
    );
    if (!policy) throw new Error('the policy is not there');
    return { name: 'deny-all', namespace: policy.metadata.namespace ?? '' };
  };

  const restartKubelet = async (): Promise<void> => {
    const nodes = await client.list(pathOf('Node'));
    const worker = nodes.map(({ metadata }) => metadata.name).find((name) => !name.endsWith('control-plane')) ?? '';
    await execa('docker', ['exec', worker, 'systemctl', 'restart', 'kubelet']);
  };

  it('says what opened and for how long, takes a broken exec for no verdict, and leaves nothing', async () => {
    const run = start('watch', 'scenarios/deny-all', '--keep', '--for', '30s', '--reporter', 'json');
    let told = '';
    run.stderr.on('data', (text: Buffer) => {
      told += text.toString();
    });
    const over = run.then(() => true);
    const until = async (words: RegExp, times: number): Promise<void> => {
      while ((told.match(words) ?? []).length < times && !(await Promise.race([over, sleep(100)])));
    };
    await until(/watching; /g, 1);
    const metadata = await thePolicy();
    await client.delete(pathOf('NetworkPolicy', metadata));
    await until(/ {2}opened {2}/g, ISOLATED);
    await sleep(OPEN_MS);
    const spec = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };
    await client.apply({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec });
    await until(/ {2}closed {2}/g, ISOLATED);
    const restartedMs = Date.now();
    await restartKubelet();
    const { exitCode, stdout, all } = await run;
    expect(exitCode, all).to.equal(1);
    const { cells }: WatchResult = JSON.parse(stdout);
    // The policy isolates prod; whatever else there is was open all the time.
    const isIsolated = ({ from, to }: { from: string; to: string }) =>
      from !== to && (from.startsWith('prod/') || to.startsWith('prod/'));
    expect(cells.filter(isIsolated)).to.have.length(ISOLATED);
    for (const cell of cells) {
      const what = `${cell.from} -> ${cell.to} ${cell.port}: ${JSON.stringify(cell)}`;
      expect(cell.by, what).to.equal('recorder');
      expect(cell.open, what).to.equal(!isIsolated(cell));
      expect(
        cell.flips.map(({ open }) => open),
        what,
      ).to.deep.equal(isIsolated(cell) ? [true, false] : []);
      const [, closed] = cell.flips;
      if (closed) expect(closed.lastedMs, what).to.be.within(OPEN_MS, OPEN_MS + SLACK_MS);
      for (const { atMs } of cell.flips) expect(atMs, what).to.be.below(restartedMs);
    }
    expect(
      cells.some(({ gaps }) => gaps.some(({ fromMs }) => fromMs > restartedMs - 1_000)),
      told,
    ).to.equal(true);
    expect(told)
      .to.match(/no connections from [a-z/]+: /)
      .and.to.match(/connections again from [a-z/]+/);
    const left = await client.list(pathOf('Namespace'));
    expect(
      left.filter(({ metadata: { name, deletionTimestamp } }) => name === metadata.namespace && !deletionTimestamp),
    ).to.deep.equal([]);
  });
});
