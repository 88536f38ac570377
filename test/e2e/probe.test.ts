import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { ExistingObject } from '../../src/attach/existing-pod.ts';
import { type Credentials, readCredentials } from '../../src/kube/credentials.ts';
import { type Client, connect, pathOf } from '../../src/kube/index.ts';
import { readyPods } from '../../src/kube/ready-pods.ts';
import type { WatchResult } from '../../src/watch/index.ts';
import {
  cellsOf,
  type JsonCell,
  type JsonReport,
  keptKubeconfig,
  podreach,
  removeCopies,
  said,
  start,
  temporaryFolder,
} from './door.ts';
import { limitedFlags } from './limited-user.ts';
import { image, pods, policy, shop, suffix, tools } from './probe-pods.ts';

describe('podreach probe', () => {
  let client: Client;
  let credentials: Credentials;
  let flags: readonly string[];

  before(async () => {
    const kubeconfig = await keptKubeconfig();
    credentials = readCredentials(kubeconfig);
    client = connect(kubeconfig);
    flags = ['--kubeconfig', kubeconfig, '--context', client.context, '--probe-image', image];
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    for (const name of [shop, tools]) {
      await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
      await client.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } });
    }
    await Promise.all(
      [policy(shop, 'closed', 'Ingress'), policy(tools, 'locked', 'Egress')].map((one) => client.apply(one)),
    );
    await Promise.all(pods.map((one) => client.apply(one)));
    await readyPods(client, shop, ['web', 'closed'], { deadlineMs: 60_000 });
    await readyPods(client, tools, ['locked', 'client'], { deadlineMs: 60_000 });
  });

  after(async () => {
    for (const name of [shop, tools]) await client.delete(pathOf('Namespace', { name }));
    credentials.close();
    client.close();
    await removeCopies();
  });

  const podsNow = async (): Promise<readonly ExistingObject[]> =>
    (
      await Promise.all([shop, tools].map((namespace) => client.list(pathOf('Pod', { namespace }))))
    ).flat() as ExistingObject[];

  /** What the users wrote of their pods, as it is now. */
  const written = async (): Promise<readonly string[]> =>
    (await podsNow()).map(({ metadata: { uid, labels, annotations }, spec }) =>
      JSON.stringify({ uid, labels, annotations, spec: { ...spec, ephemeralContainers: undefined } }),
    );

  /** Of the ephemeral containers by pod: how many there are, and how many have ended. */
  const added = async (): Promise<Readonly<Record<string, readonly [there: number, ended: number]>>> =>
    Object.fromEntries(
      (await podsNow()).map(({ metadata: { name }, spec, status }) => {
        const states = (status?.ephemeralContainerStatuses ?? []).map(({ state }) => state);
        return [name, [spec?.ephemeralContainers?.length ?? 0, states.filter((state) => state?.terminated).length]];
      }),
    );

  const probe = async (...args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await podreach('probe', ...args, '--reporter', 'json');
    const cells = stdout === '' ? [] : cellsOf(JSON.parse(stdout) as JsonReport);
    return { exitCode, stdout, stderr, cells };
  };

  /** `shop/web -> tools/client 8080/TCP`, without the suffix. */
  const cellText = ({ from, to, port, protocol }: JsonCell) =>
    `${from} -> ${to} ${port}/${protocol}`.replaceAll(`-${suffix}`, '');
  const tableOf = (cells: readonly JsonCell[]) =>
    Object.fromEntries(cells.filter(({ from, to }) => from !== to).map((cell) => [cellText(cell), cell.observed]));

  it('reports the plan and does nothing if nobody can agree to it', async () => {
    const { exitCode, stdout, stderr } = await probe(...flags, '-n', shop, '-n', tools);
    expect({ exitCode, stdout }).to.deep.equal({ exitCode: 2, stdout: '' });
    expect(stderr).to.contain('4 running pods').and.to.contain('stays listed in the pod').and.to.contain('--yes');
    expect(Object.values(await added()).flat()).to.deep.equal([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('sees what the policies do, changes nothing but the list of ended containers, and works again', async () => {
    const before = await written();
    const { exitCode, stderr, cells } = await probe(...flags, '-n', shop, '-n', tools, '--yes');
    expect(tableOf(cells), stderr).to.deep.equal({
      'shop/web -> shop/closed 8080/TCP': 'dropped',
      'shop/web -> tools/locked 8080/TCP': 'allowed',
      'shop/closed -> shop/web 8080/TCP': 'allowed',
      'shop/closed -> shop/web 8081/UDP': 'allowed',
      // Nothing listens there: that is no policy's doing.
      'shop/closed -> shop/web 9090/TCP': 'error',
      'shop/closed -> tools/locked 8080/TCP': 'allowed',
      'tools/client -> shop/closed 8080/TCP': 'dropped',
      'tools/client -> shop/web 8080/TCP': 'allowed',
      'tools/client -> shop/web 8081/UDP': 'allowed',
      'tools/client -> shop/web 9090/TCP': 'error',
      'tools/client -> tools/locked 8080/TCP': 'allowed',
      'tools/locked -> shop/closed 8080/TCP': 'dropped',
      'tools/locked -> shop/web 8080/TCP': 'dropped',
      'tools/locked -> shop/web 8081/UDP': 'unsupported',
      'tools/locked -> shop/web 9090/TCP': 'error',
    });
    for (const { observed, detail } of cells.filter((cell) => cell.observed === 'error'))
      expect(detail, observed ?? '').to.contain('nothing listens there');
    expect(exitCode).to.equal(2);
    expect(await written()).to.deep.equal(before);
    expect(await added()).to.deep.equal({ web: [1, 1], closed: [1, 1], client: [1, 1], locked: [1, 1] });

    const again = await probe(...flags, '-n', shop, '--port', '8080', '--yes');
    expect(again.exitCode, again.stderr).to.equal(0);
    expect(tableOf(again.cells)).to.deep.equal({
      'shop/web -> shop/closed 8080/TCP': 'dropped',
      'shop/closed -> shop/web 8080/TCP': 'allowed',
    });
    expect(await added()).to.deep.include({ web: [2, 2], closed: [2, 2], client: [1, 1] });
  });

  it('watches the pods, if that is asked for, by recorders that end with it', async () => {
    const args = ['-n', shop, '--port', '8080', '--for', '3s', '--yes', '--reporter', 'json'];
    const watched = async () => {
      const before = await added();
      const { exitCode, stdout, all } = await podreach('watch', ...flags, ...args);
      const { cells, tickMs }: WatchResult = JSON.parse(stdout);
      return { before, after: await added(), exitCode, all, cells, tickMs };
    };
    let seen = await watched();
    // A machine that stands still for a second leaves a gap, rightly: then it is watched again.
    for (let tries = 1; tries < 3 && seen.cells.some(({ gaps }) => gaps.length > 0); tries += 1) seen = await watched();
    const { before, after, exitCode, all, cells, tickMs } = seen;
    expect(exitCode, all).to.equal(0);
    expect(tickMs).to.equal(250);
    for (const cell of cells) expect(cell, all).to.deep.include({ by: 'recorder', flips: [], gaps: [] });
    const others = cells.filter(({ from, to }) => from !== to);
    expect(others.map(({ from, open }) => `${from} ${open}`)).to.have.members([
      `${shop}/web false`,
      `${shop}/closed true`,
    ]);
    for (const name of ['web', 'closed']) {
      const [there = 0] = before[name] ?? [];
      expect(after[name]).to.deep.equal([there + 1, there + 1]);
    }
  });

  it('makes do with exec if ephemeral containers are not allowed, and reports all that is missing', async () => {
    const limited = await limitedFlags(credentials);
    const before = await added();
    const { exitCode, stderr, cells } = await probe(...limited, '-n', shop, '--port', '8080', '--yes');
    expect(exitCode, stderr).to.equal(0);
    expect(stderr).to.contain('you are not allowed to add ephemeral containers').and.to.contain('using its nc');
    expect(tableOf(cells)).to.deep.equal({
      'shop/web -> shop/closed 8080/TCP': 'dropped',
      'shop/closed -> shop/web 8080/TCP': 'allowed',
    });
    expect(await added()).to.deep.equal(before);
    const refused = await probe(...limited, '-n', shop, '-n', tools, '--yes', '--ephemeral');
    expect(refused.exitCode).to.equal(2);
    expect(refused.stderr).to.contain(`patch pods/ephemeralcontainers in ${shop}`);
    expect(refused.stderr).to.contain(`list pods in ${tools}`).and.to.contain(`create pods/exec in ${tools}`);
    expect(refused.stderr).not.to.contain(`list pods in ${shop}`);
  });

  it('judges what is seen by an expectation, and writes one', async () => {
    const folder = await temporaryFolder();
    const inShop = [...flags, '-n', shop, '--port', '8080', '--exec', '--yes'];
    const judged = async (text: string) => {
      const file = join(folder, 'expected.yaml');
      await writeFile(file, text);
      return probe(...inShop, '--expect', file);
    };
    const toWeb = `{from: '${shop}/clo*', to: {namespace: 'shop-*', labels: {app: web}}}`;
    const asItIs = await judged(`default: deny\nrules:\n  - allow: ${toWeb}\n`);
    expect(asItIs.exitCode, asItIs.stderr).to.equal(0);
    const others = asItIs.cells.filter(({ from, to }) => from !== to);
    expect(others.map((cell) => [cellText(cell), cell.expected, cell.model])).to.have.deep.members([
      ['shop/web -> shop/closed 8080/TCP', 'deny', 'deny'],
      ['shop/closed -> shop/web 8080/TCP', 'allow', 'allow'],
    ]);

    const all = join(folder, 'all.yaml');
    await writeFile(all, 'name: [not looked at]\nexpect: {default: allow}\n');
    const wrong = await podreach('probe', ...inShop, '--expect', all);
    expect(wrong.exitCode, wrong.stderr).to.equal(1);
    expect(wrong.stdout).to.contain(`${shop}/web -> ${shop}/closed 8080/TCP: expected allow, seen dropped`);
    expect(wrong.stdout).to.contain('the policy is not what you expected');
    expect(wrong.stdout).to.contain(` exec -n ${shop} web -c app -- timeout 2 nc -n -z -v `);

    const misspelt = await judged(`default: deny\nrules:\n  - allow: {from: ${shop}/wbe}\n`);
    expect(misspelt.exitCode).to.equal(2);
    expect(misspelt.stderr).to.contain(`:3:19: "${shop}/wbe" matches no endpoint; the nearest valid endpoint is`);

    const grid = join(folder, 'grid.yaml');
    const written = await probe(...inShop, '--expect', grid, '-u');
    expect(written.exitCode, written.stderr).to.equal(0);
    const marks = (await readFile(grid, 'utf8')).split('\n').map((line) => line.trim().split(/ +/).join(' '));
    expect(marks).to.include.members([`${shop}/closed # .`, `${shop}/web X #`]);
    expect((await probe(...inShop, '--expect', grid)).exitCode).to.equal(0);
  });

  it('calls a pod that goes in the middle an error, and ends all containers when it is interrupted', async () => {
    const args = ['probe', ...flags, '-n', shop, '-n', tools, '--port', '8080', '--yes', '--timeout', '6000'];
    const [before = 0] = (await added()).closed ?? [];
    const running = start(...args, '--reporter', 'json');
    await said(running, /probing \d+ cells …/);
    await sleep(1500); // into the middle of the probes that wait for an answer
    await client.delete(pathOf('Pod', { namespace: shop, name: 'web' }));
    const { stdout, stderr, exitCode } = await running;
    expect(exitCode, stderr).to.equal(2);
    const table = tableOf(cellsOf(JSON.parse(stdout) as JsonReport));
    const touched = Object.entries(table).filter(([cell]) => cell.includes('shop/web'));
    expect(touched.map(([, observed]) => observed)).to.deep.equal(Array.from({ length: 6 }, () => 'error'));
    expect(table).to.deep.include({
      'tools/client -> shop/closed 8080/TCP': 'dropped',
      'tools/client -> tools/locked 8080/TCP': 'allowed',
    });

    const interrupted = start(...args);
    await client.waitFor(pathOf('Pod', { namespace: shop }), hasNew('closed', before + 2), {
      deadlineMs: 60_000,
      what: 'closed',
    });
    interrupted.kill('SIGINT');
    expect((await interrupted).exitCode).to.equal(130);
    const { closed, client: own, locked } = await added();
    expect(closed, 'closed').to.deep.equal([before + 2, before + 2]);
    for (const [there, ended] of [own ?? [], locked ?? []]) expect(ended).to.equal(there);
  });

  /** Whether the pod has this many ephemeral containers, the last of them running. */
  const hasNew = (name: string, count: number) => (objects: readonly unknown[]) => {
    const found = (objects as readonly ExistingObject[]).find(({ metadata }) => metadata.name === name);
    const statuses = found?.status?.ephemeralContainerStatuses ?? [];
    return statuses.length === count && statuses.some(({ state }) => state?.running);
  };
});
