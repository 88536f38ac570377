import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { execa } from 'execa';
import { createDeployments, isHost, isService } from '../../src/deploy/index.ts';
import { ownerText, thisOwner } from '../../src/host/index.ts';
import { connect } from '../../src/kube/index.ts';
import { watchKubelet } from '../../src/probe/index.ts';
import { loadScenarios, probesOf } from '../../src/scenario/index.ts';
import { cellsOf, copyScenario, edit, type JsonCell, podreach, removeCopies, runJson } from './door.ts';

/** What was seen and not expected, where the specification says what it has to be, as `from -> to port observed`. */
const wrong = (cells: readonly JsonCell[]): readonly string[] =>
  cells
    .filter(({ expected, model }) => expected !== null && model !== 'unknown')
    .filter(({ expected, observed }) => (expected === 'allow') !== (observed === 'allowed'))
    .map(({ from, to, port, observed }) => `${from} -> ${to} ${port} ${observed}`);

describe('every path a packet can take', () => {
  after(removeCopies);

  it('is proven by the scenarios, and the model agrees except where Calico is known not to', async () => {
    const { exitCode, report, all } = await runJson('scenarios/paths', '--workers', '2');
    expect(exitCode, all).to.equal(0);
    const cells = cellsOf(report);
    expect(cells).to.have.length.above(100);
    const disagreeing = cells
      .filter(({ from, to, model }) => from !== to && model !== 'unknown')
      .filter(({ observed, model }) => (observed === 'allowed' ? 'allow' : 'deny') !== model)
      .map(({ from, to, port }) => `${from} -> ${to} ${port}`);
    // "traffic to and from the node where a Pod is running is always allowed", but Calico holds egress policies there.
    expect(disagreeing).to.deep.equal(['prod/web -> node:own 9103']);
    // Each of the two servers of a Service was met.
    const services = report.scenarios.find(({ name }) => name === 'services')?.steps.flatMap((step) => step.cells);
    const spread = services?.find(({ from, to }) => from === 'prod/client' && to === 'svc:prod/web');
    expect(spread?.detail)
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
  });

  it('fails if a policy names the port of the Service in place of that of its servers', async () => {
    const folder = await copyScenario('paths/services');
    await edit(`${folder}/policies/web.yaml`, (text) => text.replace('port: 8080', 'port: 80'));
    const { exitCode, report } = await runJson(folder);
    expect(exitCode).to.equal(1);
    expect(wrong(cellsOf(report))).to.have.members([
      'prod/client -> prod/web-1 8080 dropped',
      'prod/client -> prod/web-2 8080 dropped',
      'prod/client -> svc:prod/web 80 dropped',
      'prod/client -> dns:prod/web 80 dropped',
    ]);
  });

  it('calls a Service flaky of which one server is blocked, and says which answered', async () => {
    const folder = await copyScenario('paths/services');
    await edit(`${folder}/policies/web.yaml`, (text) =>
      text
        .replace('matchLabels: {app: web}', 'matchLabels: {app: web, half: blocked}')
        .replace('role: client', 'role: nobody'),
    );
    await edit(`${folder}/scenario.yaml`, (text) =>
      text.replace('web-2: {labels: {app: web}', 'web-2: {labels: {app: web, half: blocked}'),
    );
    const { exitCode, stdout } = await podreach('run', '--keep', folder);
    expect(exitCode).to.equal(1);
    expect(stdout).to.match(
      /prod\/client -> svc:prod\/web 80\/TCP: expected allow, flaky in .*connections got through/,
    );
    expect(stdout).to.contain('answered by prod/web-1').and.not.to.contain('answered by prod/web-2');
  });

  it('fails if the policies behind addresses outside the cluster name the wrong port or pod', async () => {
    const folder = await copyScenario('paths/external-addresses');
    await edit(`${folder}/policies/shop.yaml`, (text) => text.replace('port: 8080', 'port: 80'));
    await edit(`${folder}/policies/db.yaml`, (text) => text.replace('app: db', 'app: bd'));
    const { exitCode, report } = await runJson(folder);
    expect(exitCode).to.equal(1);
    const closed = ['db', 'panel', 'operator'].flatMap((from) => [
      `prod/${from} -> prod/shop 8080 dropped`,
      ...['svc', 'nodeport', 'external'].map((way) => `prod/${from} -> ${way}:prod/shop 80 dropped`),
    ]);
    const open = ['shop', 'panel', 'operator'].map((from) => `prod/${from} -> prod/db 5432 allowed`);
    const byService = ['shop', 'db', 'panel', 'operator'].flatMap((from) =>
      ['svc', 'external'].map((way) => `prod/${from} -> ${way}:prod/db 5432 allowed`),
    );
    expect(wrong(cellsOf(report))).to.have.members([...closed, ...open, ...byService]);
  });

  it('fails behind another name of a Service as behind its own', async () => {
    const folder = await copyScenario('paths/external-name');
    await edit(`${folder}/policies/shop.yaml`, (text) => text.replace('port: 8080', 'port: 80'));
    const { exitCode, report } = await runJson(folder);
    expect(exitCode).to.equal(1);
    expect(wrong(cellsOf(report))).to.have.members([
      'dev/client -> prod/shop 8080 dropped',
      'dev/client -> svc:prod/shop 80 dropped',
      'dev/client -> dns:dev/shop 80 dropped',
    ]);
  });

  it('never passes on a Service that keeps a client at one of servers that differ, whichever it got', async () => {
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
    const { exitCode, stdout } = await podreach('run', '--keep', half);
    expect(exitCode, stdout).to.equal(2);
    expect(stdout).to.contain('unknown in 2 cells: the backends differ');
    expect(stdout).to.contain('sessionAffinity keeps each client at one of them');
  });

  it('fails if the label, the prefix or the peer that opens a path is off by one', async () => {
    const names = await copyScenario('paths/service-names');
    await edit(`${names}/policies/clients.yaml`, (text) => text.replace('k8s-app: kube-dns', 'k8s-app: kube-dn'));
    const ports = await copyScenario('paths/node-port');
    // It ends with 172.17.3.255.
    await edit(`${ports}/policies/web.yaml`, (text) => text.replace('172.17.0.0/16', '172.17.0.0/22'));
    const nodes = await copyScenario('paths/nodes');
    await edit(`${nodes}/policies/deny-all.yaml`, (text) =>
      text.replace('podSelector: {}', 'podSelector: {matchLabels: {app: we}}'),
    );
    const { exitCode, report } = await runJson(names, ports, nodes, '--workers', '2');
    expect(exitCode).to.equal(1);
    const byName = new Map(report.scenarios.map((scenario) => [scenario.name, scenario]));
    const wrongIn = (name: string) => wrong(byName.get(name)?.steps.flatMap(({ cells }) => cells) ?? []);
    expect(wrongIn('service-names')).to.deep.equal(['prod/with-dns -> dns:prod/web 80 dropped']);
    expect(wrongIn('node-port')).to.have.members([
      'host:office -> prod/web 8080 dropped',
      'host:office -> nodeport:prod/web 80 dropped',
    ]);
    expect(wrongIn('nodes')).to.have.members([
      'dev/web -> prod/web 8080 allowed',
      'node:other -> prod/web 8080 allowed',
    ]);
  });

  it('says once that SCTP cannot be tried if the kernel has none, and never passes on it', async () => {
    const folder = await copyScenario('no-policy');
    await edit(`${folder}/scenario.yaml`, (text) => text.replace(/ports: \[80\b/, 'ports: [9000/SCTP, 80'));
    const { exitCode, report, all } = await runJson(folder);
    const sctp = cellsOf(report).filter(({ protocol, from, to }) => protocol === 'SCTP' && from !== to);
    expect(sctp, all).to.have.length.above(1);
    const unsupported = sctp.filter(({ observed }) => observed === 'unsupported');
    if (unsupported.length === 0) {
      expect(sctp.map(({ observed }) => observed)).to.deep.equal(sctp.map(() => 'allowed'));
      expect(exitCode).to.equal(0);
      return;
    }
    expect(unsupported).to.have.length(sctp.length);
    expect(exitCode).to.equal(2);
    const { stdout } = await podreach('run', '--keep', folder);
    expect(stdout.match(/this kernel can't open SCTP sockets/g)).to.have.length(1);
  });
});

describe('what asks a pod whether it is ready', () => {
  it('is seen as blocked if it is', async () => {
    const { stdout } = await podreach('cluster', 'up');
    const client = connect(/--kubeconfig (\S+)/.exec(stdout)?.[1] ?? '');
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
