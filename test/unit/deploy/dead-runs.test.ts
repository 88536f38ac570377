import { expect } from 'chai';
import { namespaceLeftovers } from '../../../src/deploy/dead-runs.ts';
import { removeDeadRuns } from '../../../src/deploy/deployments.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { KubeObject } from '../../../src/kube/client.ts';
import { type Owner, ownerText, thisOwner } from '../../../src/owner.ts';
import { silent } from '../../../src/progress.ts';
import { failureOf } from '../failure-of.ts';
import { fakeClient } from './fake-client.ts';

const MINUTE_MS = 60_000;

interface Marks {
  readonly owner?: Owner | string;
  /** Minutes from now. */
  readonly aliveFor?: number;
  readonly run?: string;
}

const namespace = (name: string, { owner, aliveFor, run = name }: Marks = {}): KubeObject => ({
  metadata: {
    name,
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { 'podreach/run': run },
    annotations: {
      ...(owner !== undefined && { 'podreach/owner': typeof owner === 'string' ? owner : ownerText(owner) }),
      ...(aliveFor !== undefined && {
        'podreach/alive-until': new Date(Date.now() + aliveFor * MINUTE_MS).toISOString(),
      }),
    },
  },
});

const clusterWith = (...namespaces: readonly KubeObject[]) =>
  fakeClient({
    list: async (path, { labelSelector } = {}) => {
      expect([path, labelSelector]).to.deep.equal(['/api/v1/namespaces', 'podreach/run']);
      return namespaces;
    },
  });

describe('namespaceLeftovers', () => {
  let alive: Owner;
  let dead: Owner;
  let elsewhere: Owner;
  let restarted: Owner;
  before(async () => {
    alive = await thisOwner();
    // No process has this number: the kernel's largest is 4194304 (PID_MAX_LIMIT in linux/threads.h).
    dead = { ...alive, pid: 4_194_305, started: '1' };
    elsewhere = { ...dead, place: 'another-boot/pid:[1]', machine: '0123456789ab' };
    restarted = { ...dead, place: 'another-boot/pid:[1]' };
  });

  const leftIn = async (...namespaces: readonly KubeObject[]) =>
    (await namespaceLeftovers(clusterWith(...namespaces))).map(({ name }) => name);

  it('are of processes of this machine that are gone, whatever they promised', async () => {
    const left = await leftIn(
      namespace('dead', { owner: dead }),
      namespace('dead-kept', { owner: dead, aliveFor: 700 }),
      namespace('alive', { owner: alive }),
      namespace('alive-suspended', { owner: alive, aliveFor: -60 }),
      namespace('nobody'),
      namespace('odd', { owner: 'rubbish', aliveFor: -60 }),
      namespace('number-used-again', { owner: { ...alive, started: `${alive.started}1` } }),
    );
    expect(left).to.deep.equal(['dead', 'dead-kept', 'number-used-again']);
  });

  it('are of runs before a restart of this machine, unless they still renew their sign of life', async () => {
    const left = await leftIn(
      namespace('before-signs-of-life', { owner: restarted }),
      namespace('silent', { owner: restarted, aliveFor: 11 }),
      // A machine that was cloned with its id and its name: its runs are not ours.
      namespace('renewed', { owner: restarted, aliveFor: 14 }),
      namespace('kept', { owner: restarted, aliveFor: 700 }),
    );
    expect(left).to.deep.equal(['before-signs-of-life', 'silent']);
  });

  it('are of runs elsewhere whose sign of life has expired, and no others', async () => {
    const left = await leftIn(
      namespace('expired', { owner: elsewhere, aliveFor: -1 }),
      namespace('not-yet', { owner: elsewhere, aliveFor: 1 }),
      namespace('gives-none', { owner: elsewhere }),
      namespace('of-an-earlier-version', { owner: 'another-boot/pid:[1] 12 34' }),
      namespace('ended-container', {
        owner: { ...alive, place: `${alive.place.split('/')[0]}/pid:[1]` },
        aliveFor: -1,
      }),
      namespace('living-container', {
        owner: { ...alive, place: `${alive.place.split('/')[0]}/pid:[1]` },
        aliveFor: 9,
      }),
    );
    expect(left).to.deep.equal(['expired', 'ended-container']);
  });

  it('go by the latest sign of life among all namespaces of a run', async () => {
    const left = await leftIn(
      namespace('a1', { owner: elsewhere, aliveFor: -30, run: 'a' }),
      namespace('b1', { owner: elsewhere, aliveFor: -30, run: 'b' }),
      namespace('a2', { owner: elsewhere, aliveFor: 5, run: 'a' }),
      namespace('b2', { owner: elsewhere, run: 'b' }),
      namespace('c1', { owner: elsewhere, aliveFor: -30, run: 'c' }),
      namespace('c2', { owner: alive, aliveFor: -30, run: 'c' }),
    );
    expect(left).to.deep.equal(['b1', 'b2']);
  });

  it('say why, and since when', async () => {
    const [first, second] = await namespaceLeftovers(
      clusterWith(namespace('a', { owner: dead }), namespace('b', { owner: elsewhere, aliveFor: -1 })),
    );
    expect(first).to.include({ what: 'namespace', name: 'a', why: 'its process 4194305 is gone' });
    expect(first?.since).to.deep.equal(new Date('2026-01-01T00:00:00Z'));
    expect(second?.why).to.match(/^its sign of life expired at \d{4}-\d\d-\d\dT/);
  });

  it('are deleted by the next run', async () => {
    const client = clusterWith(namespace('a', { owner: dead }), namespace('b', { owner: alive }));
    await removeDeadRuns(client, silent);
    expect(client.deleted).to.deep.equal(['/api/v1/namespaces/a']);
  });

  it('are noted if the cluster does not let them go', async () => {
    const notes: string[] = [];
    const client = clusterWith(namespace('a', { owner: dead }));
    client.delete = () => Promise.reject(new PodreachError('forbidden'));
    await removeDeadRuns(client, { ...silent, note: (text) => void notes.push(text) });
    expect(notes).to.deep.equal(['forbidden; the next run tries again']);
  });

  it('fail as the cluster does', async () => {
    const broken = new PodreachError('forbidden');
    const client = fakeClient({ list: () => Promise.reject(broken) });
    expect(await failureOf(removeDeadRuns(client, silent))).to.equal(broken);
  });
});
