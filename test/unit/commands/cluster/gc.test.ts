import { access, mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type GcFlags, gc } from '../../../../src/commands/cluster/gc.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { ownershipLabels, thisOwnership } from '../../../../src/host/ownership.ts';
import { failureOf } from '../../failure-of.ts';
import { ownCacheHome } from '../../host/cache-home.ts';
import { fakeEngine } from '../../host/fake-engine.ts';
import { fakeServer, json, writeKubeconfig } from '../../kube/fake-server.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const HOUR_MS = 3_600_000;

describe('podreach cluster gc', () => {
  const home = ownCacheHome();
  const engine = fakeEngine();

  const dead = async () => {
    const own = await thisOwnership();
    return { ...own, owner: { ...own.owner, pid: 4_194_305, started: '1' } };
  };

  const run = async (flags: GcFlags = {}) => {
    const terminal = fakeTerminal();
    const code = await gc(flags, terminal);
    const [lines, summary] = [
      terminal.printed().trim().split('\n').slice(0, -1),
      terminal.printed().trim().split('\n').at(-1),
    ];
    return { code, lines, summary, notes: terminal.notes };
  };

  /** A dead cluster, container and image, each older than the next, and an unfinished artifact of a day ago. */
  const leave = async () => {
    const ownership = await dead();
    const labels = ownershipLabels(ownership);
    await engine.addCluster('podreach-dead', ownership);
    await engine.addCluster('podreach-alive', await thisOwnership());
    await engine.add('container', 'podreach-build-1', { labels, created: new Date(Date.now() - 3 * HOUR_MS) });
    await engine.add('image', 'podreach/node:1-base-2', { labels, created: new Date(Date.now() - 50 * HOUR_MS) });
    const artifact = join(home(), 'podreach/artifacts/kind-k1.unfinished-7-abcdef');
    await mkdir(artifact, { recursive: true });
    const before = new Date(Date.now() - 30 * HOUR_MS);
    await utimes(artifact, before, before);
    return artifact;
  };

  it('lists what would be removed, and why, and removes nothing; then removes it, and nothing else', async () => {
    const artifact = await leave();
    const [containers, images] = [await engine.containers(), await engine.images()];
    const { code, lines, summary } = await run({ dryRun: true });
    expect(code).to.equal(0);
    expect(lines.map((line) => line.split(/ {2,}/).slice(0, 2).join(' '))).to.deep.equal([
      'WHAT NAME',
      'cluster podreach-dead',
      'container podreach-build-1',
      'image podreach/node:1-base-2',
      `file ${artifact}`,
    ]);
    expect(lines[2]).to.match(/ {2}3 h {2,}its process 4194305 is gone$/);
    expect(lines[3]).to.match(/ {2}2 d {2,}its process 4194305 is gone$/);
    expect(lines[4]).to.match(/ {2}1 d {2,}no build takes that long$/);
    expect(summary).to.equal('4 would be removed');
    expect([await engine.containers(), await engine.images()]).to.deep.equal([containers, images]);
    await access(artifact);
    const removal = await run();
    expect([removal.code, removal.summary]).to.deep.equal([0, 'removed 4 of 4']);
    expect(await engine.containers()).to.deep.equal(['podreach-alive-control-plane']);
    expect(await engine.images()).to.deep.equal([]);
    expect(await access(artifact).catch(() => 'gone')).to.equal('gone');
    const nothing = { code: 0, lines: [], summary: 'dead runs left nothing behind', notes: [] };
    expect(await run()).to.deep.equal(nothing);
  });

  it('leaves what is younger than asked for', async () => {
    await leave();
    const { summary } = await run({ olderThan: 20 * HOUR_MS });
    expect(summary).to.equal('removed 2 of 2');
    expect(await engine.containers()).to.deep.equal([
      'podreach-alive-control-plane',
      'podreach-build-1',
      'podreach-dead-control-plane',
    ]);
  });

  it('leaves what another process left, or one of this number on another machine', async () => {
    const [own, one] = [await thisOwnership(), await dead()];
    const other = { ...one, owner: { ...one.owner, pid: 4_194_306 } };
    const elsewhere = { ...one, owner: { ...one.owner, place: 'boot/elsewhere' } };
    await engine.addCluster('podreach-dead', one);
    await engine.addCluster('podreach-alive', own);
    await engine.add('container', 'podreach-other', { labels: ownershipLabels(other) });
    await engine.add('container', 'podreach-elsewhere', { labels: ownershipLabels(elsewhere) });
    await engine.add('container', 'podreach-build', { labels: ownershipLabels(one) });
    const { code, summary } = await run({ process: one.owner.pid });
    expect({ code, summary }).to.deep.equal({ code: 0, summary: 'removed 2 of 2' });
    expect(await engine.containers()).to.have.members([
      'podreach-alive-control-plane',
      'podreach-elsewhere',
      'podreach-other',
    ]);
    // One that runs has left nothing.
    expect((await run({ process: own.owner.pid })).summary).to.equal('dead runs left nothing behind');
  });

  it('ends with 2 if something cannot be removed, and says why', async () => {
    const labels = ownershipLabels(await dead());
    await engine.add('container', 'podreach-build-1', { labels, stuck: true });
    await engine.add('container', 'podreach-build-2', { labels });
    const { code, summary, notes } = await run();
    expect({ code, summary }).to.deep.equal({ code: 2, summary: 'removed 1 of 2' });
    expect(notes.join('\n')).to.contain('removing the container podreach-build-1').and.to.contain('device busy');
  });

  it('ends with 2 if no Docker Engine answers, and still looks at the files', async () => {
    const artifact = await leave();
    process.env.PATH = '/nonexistent';
    const { code, lines, notes } = await run({ dryRun: true });
    expect(code).to.equal(2);
    expect(notes[0]).to.contain('no Docker Engine answers');
    expect(lines.at(-1)).to.contain(artifact);
  });

  it('refuses a kubeconfig without the context to look up in it, and removes nothing', async () => {
    const labels = ownershipLabels(await dead());
    await engine.add('container', 'podreach-build-1', { labels });
    const error = await failureOf(run({ kubeconfig: '/home/me/config' }));
    expect(error).to.be.instanceOf(PodreachError);
    expect([error.message, error.hint]).to.deep.equal([
      '--kubeconfig is for a cluster of your own',
      'name it with --context',
    ]);
    expect(await engine.containers()).to.deep.equal(['podreach-build-1']);
  });

  it('looks into a cluster of the user’s if it is named', async () => {
    const { owner } = await dead();
    const [place, pid, started] = [owner.place, owner.pid, owner.started];
    const namespace = {
      metadata: {
        name: 'prod-x7k2a',
        creationTimestamp: new Date(Date.now() - 2 * HOUR_MS).toISOString(),
        labels: { 'podreach/run': 'r1' },
        annotations: { 'podreach/owner': `${place} ${pid} ${started}` },
      },
    };
    const policy = {
      metadata: { ...namespace.metadata, namespace: 'shop', name: 'podreach-1', labels: { 'podreach/diagnose': 'd1' } },
    };
    const alive = { metadata: { ...policy.metadata, name: 'podreach-2', annotations: {} } };
    const server = await fakeServer(({ method, url }, response) => {
      const items = url.pathname.endsWith('/namespaces') ? [namespace] : [policy, alive];
      return json(response, 200, method === 'GET' ? { items } : {});
    });
    try {
      const kubeconfig = writeKubeconfig(`http://127.0.0.1:${server.port}`);
      const others = await run({ context: 'fake', kubeconfig, process: owner.pid + 1, dryRun: true });
      expect(others.summary).to.equal('dead runs left nothing behind');
      server.seen.length = 0;
      const { code, lines, summary } = await run({ context: 'fake', kubeconfig, process: owner.pid });
      expect({ code, summary }).to.deep.equal({ code: 0, summary: 'removed 2 of 2' });
      expect(lines[1]).to.match(/^namespace {2}fake: prod-x7k2a {6,}2 h {2,}its process 4194305 is gone$/);
      expect(lines[2]).to.match(/^policy {5}fake: shop\/podreach-1 {2}2 h/v);
      expect(server.seen.map(({ method, url }) => `${method} ${url.pathname}`)).to.deep.equal([
        'GET /api/v1/namespaces',
        'GET /apis/networking.k8s.io/v1/networkpolicies',
        'DELETE /api/v1/namespaces/prod-x7k2a',
        'DELETE /apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/podreach-1',
      ]);
    } finally {
      await server.close();
    }
  });
});
