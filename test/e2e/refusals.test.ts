import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { execa } from 'execa';
import { createDeployments, type Deployment, type Deployments, isHost, isService } from '../../src/deploy/index.ts';
import { ownerText, thisOwner } from '../../src/host/index.ts';
import { type Client, connect } from '../../src/kube/index.ts';
import { judge } from '../../src/matrix/index.ts';
import { baseline, probeMatrix } from '../../src/probe/index.ts';
import { loadScenarios, probesOf, type Scenario } from '../../src/scenario/index.ts';
import { copyScenario, edit, keptKubeconfig, removeCopies } from './door.ts';

const image = 'registry.k8s.io/e2e-test-images/agnhost:2.56';

// Calico 3.28 can't reject by itself: with iptablesFilterDenyAction: Reject it writes a REJECT into the raw table, which
// the kernel refuses, and is never ready again. So the nodes' firewall does it, as that of any other engine would.
describe('a refusal', () => {
  let client: Client;
  let deployments: Deployments;
  let deployment: Deployment;
  let scenario: Scenario;
  let target: (name: string) => readonly string[];
  const added: (readonly [node: string, rule: readonly string[]])[] = [];

  /** Puts a rule before all others on every node. */
  const firewall = async (...rule: readonly string[]): Promise<void> => {
    const nodes = new Set([...deployment.endpoints.values()].flatMap((end) => ('node' in end ? end.node : [])));
    for (const node of nodes) {
      await execa('docker', ['exec', node, 'iptables', '-I', 'FORWARD', ...rule]);
      added.push([node, rule]);
    }
  };

  const statuses = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
    const observed = await probeMatrix(deployment, probesOf(scenario.steps[0].topology));
    const cells = judge(scenario.steps[0]?.expected ?? null, observed).filter(({ status }) => status !== 'self');
    const byExpectation = Map.groupBy(
      cells,
      ({ to, port, protocol, expected }) => `${to} ${port}/${protocol} ${expected}`,
    );
    return new Map([...byExpectation].map(([key, own]) => [key, own.map((cell) => `${cell.observed} ${cell.status}`)]));
  };

  before(async () => {
    const folder = await copyScenario('no-policy');
    await edit(`${folder}/scenario.yaml`, (text) =>
      text.replace('ports: [80, 8080]}', 'ports: [80, 8080, 53/UDP, 54/UDP]}').replace(
        /default: allow\s*$/,
        `default: allow
  rules:
    - reject: {to: prod/web, port: [80, 53/UDP]}
    - drop: {to: prod/web, port: [8080, 54/UDP]}
    - deny: {to: prod/db}
`,
      ),
    );
    scenario = (await loadScenarios([folder]))[0] as Scenario;
    client = connect(await keptKubeconfig());
    const runId = randomBytes(5).toString('hex');
    deployments = createDeployments(client, { image, runId, owner: ownerText(await thisOwner()) });
    deployment = await deployments.acquire(scenario.steps[0].topology);
    await baseline(deployment, probesOf(scenario.steps[0].topology));
    target = (name) => {
      const end = deployment.endpoints.get(name);
      if (!end || isHost(end) || isService(end)) throw new Error(`${name} is not there`);
      return ['-d', end.addresses[0] ?? '', '-p'];
    };
  });

  after(async () => {
    for (const [node, rule] of added) await execa('docker', ['exec', node, 'iptables', '-D', 'FORWARD', ...rule]);
    await deployments?.disposeAll();
    client?.close();
    await removeCopies();
  });

  it('is distinguished from silence over TCP and UDP, and both from what gets through', async () => {
    const web = target('prod/web');
    await firewall(...web, 'tcp', '--dport', '80', '-j', 'REJECT', '--reject-with', 'tcp-reset');
    await firewall(...web, 'udp', '--dport', '53', '-j', 'REJECT');
    await firewall(...web, 'tcp', '--dport', '8080', '-j', 'DROP');
    await firewall(...web, 'udp', '--dport', '54', '-j', 'DROP');
    // The kernel sends few ICMP errors a second to one address, so not more than these.
    await firewall(
      ...target('prod/db'),
      'tcp',
      '--dport',
      '5432',
      '-j',
      'REJECT',
      '--reject-with',
      'icmp-admin-prohibited',
    );
    const seen = await statuses();
    const all = (status: string) => Array.from({ length: 5 }, () => status);
    expect(seen.get('prod/web 80/TCP reject')).to.deep.equal(all('rejected match'));
    expect(seen.get('prod/web 53/UDP reject')).to.deep.equal(all('rejected match'));
    expect(seen.get('prod/web 8080/TCP drop')).to.deep.equal(all('dropped match'));
    expect(seen.get('prod/web 54/UDP drop')).to.deep.equal(all('dropped match'));
    expect(seen.get('prod/db 5432/TCP deny')).to.deep.equal(all('rejected match'));
    expect(seen.get('dev/web 80/TCP allow')).to.deep.equal(all('allowed match'));
  });

  it('is not what was asked for if there is silence, nor the other way round', async () => {
    const web = target('prod/web');
    await firewall(...web, 'tcp', '--dport', '80', '-j', 'DROP');
    await firewall(...web, 'udp', '--dport', '53', '-j', 'DROP');
    await firewall(...web, 'tcp', '--dport', '8080', '-j', 'REJECT', '--reject-with', 'tcp-reset');
    await firewall(...web, 'udp', '--dport', '54', '-j', 'REJECT');
    const seen = await statuses();
    const all = (status: string) => Array.from({ length: 5 }, () => status);
    expect(seen.get('prod/web 80/TCP reject')).to.deep.equal(all('dropped mismatch'));
    expect(seen.get('prod/web 53/UDP reject')).to.deep.equal(all('dropped mismatch'));
    expect(seen.get('prod/web 8080/TCP drop')).to.deep.equal(all('rejected mismatch'));
    expect(seen.get('prod/web 54/UDP drop')).to.deep.equal(all('rejected mismatch'));
  });
});
