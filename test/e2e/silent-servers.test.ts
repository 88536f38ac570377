import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { createDeployments, type Deployment } from '../../src/deploy/index.ts';
import { ownerText, thisOwner } from '../../src/host/index.ts';
import { type Client, connect } from '../../src/kube/index.ts';
import { baseline, isKubelets, type Observation, probeMatrix } from '../../src/probe/index.ts';
import { loadScenarios, probesOf } from '../../src/scenario/index.ts';
import { keptKubeconfig } from './door.ts';

const image = 'registry.k8s.io/e2e-test-images/agnhost:2.56';

/** Stops every server of an endpoint where it stands: the kernel still takes TCP connections, and nothing is answered. */
const HANG = `for process in /proc/[0-9]*; do
  case $(cat "$process/comm") in agnhost) kill -STOP "\${process##*/}" ;; esac
done`;

const DATAGRAMS = { number: 5353, protocol: 'UDP' } as const;

describe('a server that hangs is never taken for blocked', () => {
  let client: Client;

  before(async () => {
    client = connect(await keptKubeconfig());
  });

  after(() => client.close());

  /** What is seen of a scenario without its policies when the servers of an endpoint hang. */
  const seenWith = async (name: string, hung: string): Promise<readonly Observation[]> => {
    const [scenario] = await loadScenarios([`scenarios/${name}`]);
    if (!scenario) throw new Error(`${name} is not there`);
    const runId = randomBytes(5).toString('hex');
    const deployments = createDeployments(client, { image, runId, owner: ownerText(await thisOwner()) });
    try {
      const hosts = scenario.steps[0].topology.hosts.map((host) => ({ ...host, ports: [...host.ports, DATAGRAMS] }));
      const topology = { ...scenario.steps[0].topology, hosts };
      const deployment: Deployment = await deployments.acquire(topology);
      const probes = probesOf(topology).filter((probe) => !isKubelets(probe));
      // Without it, the nodes may not know yet that it is behind a Service.
      await baseline(deployment, probes);
      const { exitCode } = await deployment.source(hung).exec(['sh', '-c', HANG], { deadlineMs: 20_000 });
      expect(exitCode).to.equal(0);
      return await probeMatrix(deployment, probes, { retries: 0 });
    } finally {
      await deployments.disposeAll();
    }
  };

  const blocked = (cells: readonly Observation[]): readonly string[] =>
    cells
      .filter(({ verdict }) => verdict === 'dropped' || verdict === 'rejected')
      .map(({ from, to, port, detail }) => `${from} -> ${to} ${port}: ${detail}`);

  it('outside the cluster', async () => {
    const cells = await seenWith('egress-to-cidr', 'host:database');
    expect(blocked(cells)).to.deep.equal([]);
    const silent = cells.filter(({ to }) => to === 'host:database');
    expect(silent).to.have.length.above(1);
    for (const { verdict, detail } of silent) {
      expect(verdict, detail).to.equal('error');
    }
    const datagrams = silent.filter(({ protocol }) => protocol === 'UDP');
    expect(datagrams).to.have.length.above(1);
    for (const { detail } of datagrams) expect(detail).to.contain('host:database does not even answer itself there');
    expect(cells.filter(({ to, verdict }) => to !== 'host:database' && verdict !== 'allowed')).to.deep.equal([]);
  });

  it('behind a Service', async () => {
    const cells = await seenWith('paths/services', 'prod/web-2');
    // The node's own pod is asked by no other way, and answers nothing itself: that is the control.
    expect(blocked(cells.filter(({ from, to }) => from !== to))).to.deep.equal([]);
    const services = cells.filter(({ to }) => to === 'svc:prod/web' || to === 'dns:prod/web');
    // kube-proxy may choose the backend that answers for all connections of a cell.
    for (const { verdict, detail } of services) expect(['error', 'allowed'], detail).to.include(verdict);
    expect(services.map(({ verdict }) => verdict)).to.include('error');
  });
});
