import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { createDeployments, isHost, isService } from '../../src/deploy/index.ts';
import { ownerText, thisOwner } from '../../src/host/index.ts';
import { connect } from '../../src/kube/index.ts';
import { watchKubelet } from '../../src/probe/index.ts';
import { loadScenarios, probesOf } from '../../src/scenario/index.ts';
import {
  cellsOf,
  copyScenario,
  edit,
  type JsonReport,
  keptKubeconfig,
  podreach,
  removeCopies,
  runJson,
  temporaryFolder,
} from './door.ts';

describe('every path a packet can take', () => {
  after(removeCopies);

  it('is proven by the scenarios, and the model agrees except where Calico is known not to', async () => {
    const { exitCode, report, all } = await runJson('scenarios/paths');
    expect(exitCode, all).to.equal(0);
    const cells = cellsOf(report);
    expect(cells).to.have.length.above(100);
    const disagreeing = cells
      .filter(({ from, to, model }) => from !== to && model !== 'unknown')
      .filter(({ observed, model }) => (observed === 'allowed' ? 'allow' : 'deny') !== model)
      .map(({ from, to, port }) => `${from} -> ${to} ${port}`);
    // "traffic to and from the node where a Pod is running is always allowed", but Calico holds egress policies there.
    expect(disagreeing).to.deep.equal(['prod/web -> node:own 9103']);
    // Each of the two servers of a Service was met; one cell alone misses one of them once in 16 times.
    const services = report.scenarios.find(({ name }) => name === 'services')?.steps.flatMap((step) => step.cells);
    const spread = services?.filter(({ to }) => /^(?:svc|dns):prod\/web$/.test(to)).map(({ detail }) => detail);
    expect(spread).to.have.length.above(3);
    expect(spread?.join())
      .to.match(/answered by prod\/web-1/)
      .and.to.match(/answered by prod\/web-2/);
    // A client that is kept at one server met no other.
    const kept = report.scenarios.find(({ name }) => name === 'session-affinity')?.steps.flatMap((step) => step.cells);
    for (const to of ['svc:prod/cart', 'dns:prod/cart']) {
      const detail = kept?.find((cell) => cell.from === 'prod/shop' && cell.to === to)?.detail ?? '';
      const met = [...detail.matchAll(/answered by (prod\/cart-\d)/g)].map(([, server]) => server);
      expect(met, detail).to.have.length.above(2);
      expect(new Set(met), detail).to.have.length(1);
    }
    // The model knows each cell of hosts with link-local addresses, and what such a host sends arrives as well.
    const linkLocal = report.scenarios.filter(({ name }) => name === 'link-local');
    const own = cellsOf({ scenarios: linkLocal }).filter(({ from, to }) => from !== to);
    for (const { from, to, port, protocol, expected, model } of own)
      expect(model, `${from} -> ${to} ${port}/${protocol}`).to.equal(expected);
    expect(own.filter(({ from }) => from === 'host:metadata').map(({ observed }) => observed)).to.deep.equal([
      'allowed',
      'allowed',
      'allowed',
    ]);
  });

  // One run for all of them.
  describe('that cannot be tried, or not from everywhere', () => {
    let run: Awaited<ReturnType<typeof podreach>>;
    let report: JsonReport;
    before(async () => {
      const file = join(await temporaryFolder(), 'run.json');
      const reporters = ['--reporter', 'terminal,json', '--output', file];
      run = await podreach('run', '--keep', ...reporters, await halfBlocked(), await withSctp(), IP_BLOCKS);
      report = JSON.parse(await readFile(file, 'utf8'));
      expect(run.exitCode, run.all).to.equal(2);
    });

    it('ask for a cluster with both families of IP if they speak of one that this cluster lacks', () => {
      expect(run.stdout)
        .to.contain('the scenario mentions IPv6, which this cluster does not have')
        .and.to.contain('--ip-family dual');
    });

    it('never passes on a Service that keeps a client at one of servers that differ, whichever it got', () => {
      expect(run.stdout).to.contain('unknown in 2 cells: the backends differ');
      expect(run.stdout).to.contain('sessionAffinity keeps each client at one of them');
    });

    it('says once that SCTP cannot be tried if the kernel has none, and never passes on it', () => {
      const sctp = cellsOf(report).filter(({ protocol, from, to }) => protocol === 'SCTP' && from !== to);
      expect(sctp, run.all).to.have.length.above(1);
      const { status } = report.scenarios.find(({ name }) => name === 'no-policy') ?? {};
      const unsupported = sctp.filter(({ observed }) => observed === 'unsupported');
      if (unsupported.length === 0) {
        expect(sctp.map(({ observed }) => observed)).to.deep.equal(sctp.map(() => 'allowed'));
        expect(status).to.equal('pass');
        return;
      }
      expect(unsupported).to.have.length(sctp.length);
      expect(status).to.equal('error');
      expect(run.stdout.match(/this kernel can't open SCTP sockets/g)).to.have.length(1);
    });
  });
});

const IP_BLOCKS = 'scenarios/dual-stack/ip-blocks';

/** A Service of two servers, of which a policy admits the client to one. */
const halfBlocked = async (): Promise<string> => {
  const half = await copyScenario('paths/session-affinity');
  await edit(`${half}/scenario.yaml`, (text) =>
    text
      .replace('cart-1: {labels: {app: cart}', 'cart-1: {labels: {app: cart, half: open}')
      .replace('cart-2: {labels: {app: cart}', 'cart-2: {labels: {app: cart, half: blocked}')
      .replace('- allow: {from: prod/shop}', '- allow: {from: prod/shop}\n    - deny: {to: prod/cart-2}'),
  );
  await edit(`${half}/policies/cart.yaml`, (text) =>
    text.replace('matchLabels: {app: cart}', 'matchLabels: {half: open}').concat(`---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: half, namespace: prod}
spec: {podSelector: {matchLabels: {half: blocked}}, policyTypes: [Ingress]}
`),
  );
  return half;
};

const withSctp = async (): Promise<string> => {
  const folder = await copyScenario('no-policy');
  await edit(`${folder}/scenario.yaml`, (text) => text.replace(/ports: \[80\b/, 'ports: [9000/SCTP, 80'));
  return folder;
};

describe('what asks a pod whether it is ready', () => {
  it('is seen as blocked if it is', async () => {
    const client = connect(await keptKubeconfig());
    const [scenario] = await loadScenarios(['scenarios/paths/kubelet']);
    if (!scenario) throw new Error('the scenario is not there');
    const image = 'registry.k8s.io/e2e-test-images/agnhost:2.56';
    const runId = randomBytes(5).toString('hex');
    const deployments = createDeployments(client, { image, runId, owner: ownerText(await thisOwner()) });
    try {
      const deployment = await deployments.acquire(scenario.steps[0].topology);
      const pod = deployment.endpoints.get('prod/web');
      if (!pod || isHost(pod) || isService(pod)) throw new Error('prod/web is not there');
      const [first] = await watchKubelet(deployment, probesOf(scenario.steps[0].topology));
      expect(first?.verdict, first?.detail).to.equal('allowed');
      // What no NetworkPolicy can do, the node can: it goes with the pod, whose address no other has so soon.
      const rule = ['OUTPUT', '-d', pod.addresses[0] ?? '', '-p', 'tcp', '--dport', '8080', '-j', 'DROP'];
      await execa('docker', ['exec', pod.node, 'iptables', '-I', ...rule]);
      try {
        const [second] = await watchKubelet(deployment, probesOf(scenario.steps[0].topology));
        expect(second?.verdict, second?.detail).to.equal('dropped');
        expect([...(await deployment.lost())]).to.deep.equal([]);
      } finally {
        await execa('docker', ['exec', pod.node, 'iptables', '-D', ...rule]);
      }
    } finally {
      await deployments.disposeAll();
      client.close();
    }
  });
});
