import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { execa } from 'execa';
import { createDeployments, type Deployment } from '../../../src/deploy/index.ts';
import { ownerText, thisOwner } from '../../../src/host/index.ts';
import { type Client, pathOf } from '../../../src/kube/index.ts';
import type { StepResult } from '../../../src/matrix/index.ts';
import { nodesOf } from '../../../src/run/matrix.ts';
import { runScenario } from '../../../src/run/scenario.ts';
import type { Stage } from '../../../src/run/stage.ts';
import type { Scenario } from '../../../src/scenario/index.ts';
import { type Canary, createCanary } from '../../../src/settle/index.ts';
import { deployScenario, type LiveScenario } from './live-scenario.ts';
import { placeOf, signalFelix } from './nodes.ts';

const image = 'registry.k8s.io/e2e-test-images/agnhost:2.56';
const settleMs = 4_000;
const LATE_MS = 3_000;

/** Somebody else is at work in the cluster while podreach probes: it may not judge, and may not blame the CNI. */
describe('what somebody else does to the cluster meanwhile', () => {
  let live: LiveScenario;
  let client: Client;
  let scenario: Scenario;
  let deployment: Deployment;
  let canary: Canary;

  before(async () => {
    live = await deployScenario('scenarios/deny-all');
    ({ client, scenario, deployment } = live);
    canary = await createCanary(client, { ...live.naming, settleMs, pathMs: 2_000 });
  });

  after(() => live?.dispose());

  /** The scenario's one step, with something done as its matrix begins. */
  const stepWith = async (
    interfere: () => Promise<unknown>,
    changes: Partial<Canary> = {},
    options: Partial<Stage> = {},
  ): Promise<StepResult> => {
    let done: Promise<unknown> | undefined;
    const disturbed: Canary = {
      ...canary,
      ...changes,
      brokenPaths: async (paths) => {
        const found = await canary.brokenPaths(paths);
        done ??= interfere();
        await done;
        return found;
      },
    };
    const { steps } = await runScenario(scenario, deployment, live.stage(disturbed, options));
    const [step] = steps;
    if (!step) throw new Error('there was no step');
    return step;
  };

  /** A rule, before those of Calico, that lets everything through to a pod. */
  const holdingOpen = (name: string) => {
    const { node, address } = placeOf(deployment, name);
    const iptables = (action: '-I' | '-D') =>
      execa('docker', ['exec', node, 'iptables', action, 'FORWARD', '-d', address, '-j', 'ACCEPT']);
    return { hold: () => iptables('-I'), release: () => iptables('-D') };
  };

  const nameInProd = (): string => deployment.namespaceOf('prod');
  const policyPath = (name: string): string => pathOf('NetworkPolicy', { namespace: nameInProd(), name });
  const policies = () => client.list(pathOf('NetworkPolicy', { namespace: nameInProd() }));

  it('passes if nobody does anything', async () => {
    const { status, problem } = await stepWith(async () => undefined);
    expect(status, problem).to.equal('pass');
  });

  it('passes by two matrices that agree if the order of enforcement is not known', async () => {
    expect(canary.isOrdered).to.equal(true);
    const { status, agreement } = await stepWith(async () => undefined, { isOrdered: false });
    expect({ status, agreement }).to.deep.equal({ status: 'pass', agreement: { matrices: 2, agreed: true } });
  });

  it('judges nothing if a policy was deleted', async () => {
    const { status, problem, cells } = await stepWith(async () => {
      for (const { metadata } of await policies()) await client.delete(policyPath(metadata.name));
    });
    expect(status).to.equal('error');
    expect(problem)
      .to.match(/^the policies are no longer those that were applied/)
      .and.to.match(/ is gone/);
    expect(cells).to.deep.equal([]);
  });

  it('judges nothing if a policy was put into a namespace of the run', async () => {
    const foreign = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'foreign', namespace: nameInProd() },
      spec: { podSelector: {}, ingress: [{}] },
    };
    try {
      const { status, problem } = await stepWith(() => client.apply(foreign));
      expect(status).to.equal('error');
      expect(problem).to.contain('policy prod/foreign, which the scenario does not have, appeared');
    } finally {
      await client.delete(policyPath('foreign'));
    }
  });

  it('takes nothing for blocked on a path between nodes that broke', async () => {
    const [node = ''] = nodesOf(deployment).filter((name) => !name.endsWith('control-plane'));
    const rule = (action: '-I' | '-D') => ['iptables', action, 'FORWARD', '-i', 'eth0', '-j', 'DROP'];
    try {
      const { status, cells } = await stepWith(() => execa('docker', ['exec', node, ...rule('-I')]));
      expect(status).to.equal('error');
      const nodeOf = (name: string) => {
        const end = deployment.endpoints.get(name);
        return end && 'node' in end ? end.node : '';
      };
      const across = cells.filter(({ from, to }) => nodeOf(from) !== nodeOf(to));
      const within = cells.filter(({ from, to }) => nodeOf(from) === nodeOf(to));
      expect(across.filter(({ observed }) => observed === 'dropped' || observed === 'rejected')).to.deep.equal([]);
      expect(across.filter(({ observed }) => observed === 'error')).to.have.length.above(10);
      const blocked = within.filter(({ observed }) => observed === 'dropped');
      expect(blocked).to.have.length.above(1);
      const detail = across.find(({ observed }) => observed === 'error')?.observation?.detail;
      expect(detail).to.match(/carried nothing while probing: no connection within 2 s/);
    } finally {
      await execa('docker', ['exec', node, ...rule('-D')], { reject: false });
    }
  });

  it('waits for cells that a rule on a node holds open, takes its matrix again, and reports when they closed', async () => {
    const { hold, release } = holdingOpen('prod/web');
    let released: Promise<unknown> = Promise.resolve();
    const { status, cells, late } = await stepWith(async () => {
      await hold();
      released = sleep(LATE_MS).then(release);
    });
    await released;
    expect(status, JSON.stringify(late)).to.equal('pass');
    expect(cells.filter(({ from, to }) => from !== to && to === 'prod/web')).to.have.length.above(3);
    expect(new Set(late?.cells.map(({ to, direction }) => `${to} ${direction}`))).to.deep.equal(
      new Set(['prod/web closed']),
    );
    for (const { afterMs } of late?.cells ?? []) expect(afterMs).to.be.within(LATE_MS, LATE_MS + 10_000);
  });

  it('reports the cells that are open at the deadline', async () => {
    const { hold, release } = holdingOpen('prod/web');
    try {
      const { status, cells, late } = await stepWith(hold, {}, { settleTimeoutMs: LATE_MS });
      expect(status).to.equal('fail');
      const open = cells
        .filter((cell) => cell.status === 'mismatch')
        .map(({ from, to, port }) => `${from} ${to} ${port}`);
      expect(open).to.have.length.above(3);
      expect(late?.deadlineMs).to.equal(LATE_MS);
      expect(late?.cells.map(({ from, to, port, afterMs }) => `${from} ${to} ${port} ${afterMs}`)).to.have.members(
        open.map((cell) => `${cell} null`),
      );
    } finally {
      await release();
    }
  });

  it('waits until a deleted policy is gone, whatever its finalizers hold it up with', async () => {
    const [step] = scenario.steps;
    await deployment.applyPolicies(step?.policies ?? []);
    const [policy] = await policies();
    const name = policy?.metadata.name ?? '';
    await client.patch(policyPath(name), { metadata: { finalizers: ['podreach.example/hold'] } });
    let gone = false;
    const removal = deployment.removePolicies().then(() => {
      gone = true;
    });
    await client.waitFor(
      pathOf('NetworkPolicy', { namespace: nameInProd() }),
      (all) => all.some(({ metadata }) => metadata.name === name && metadata.deletionTimestamp !== undefined),
      { deadlineMs: 5_000, what: 'the deletion' },
    );
    expect(gone).to.equal(false);
    await client.patch(policyPath(name), { metadata: { finalizers: null } });
    await removal;
    expect(await policies()).to.deep.equal([]);
  });

  it("names the node whose agent stands still, so that its policies are yesterday's", async () => {
    const [node = ''] = nodesOf(deployment).filter((name) => !name.endsWith('control-plane'));
    await signalFelix(node, 'STOP');
    try {
      const { status, problem } = await stepWith(async () => undefined);
      expect(status).to.equal('error');
      expect(problem).to.equal(`policies are not enforced after 4 s on node ${node}`);
    } finally {
      await signalFelix(node, 'CONT');
    }
    expect((await stepWith(async () => undefined)).status).to.equal('pass');
  });

  it('raises a canary on a node that took no pods when the run began', async () => {
    const [node = ''] = nodesOf(deployment).filter((name) => !name.endsWith('control-plane'));
    const nodePath = pathOf('Node', { name: node });
    const runId = randomBytes(5).toString('hex');
    const later = createDeployments(client, { image, runId, owner: ownerText(await thisOwner()) });
    await client.patch(nodePath, { spec: { unschedulable: true } });
    try {
      const own = await createCanary(client, { image, runId, owner: ownerText(await thisOwner()), settleMs });
      const path = { from: node, to: node, family: 'IPv4' } as const;
      expect((await own.brokenPaths([path])).size).to.equal(1);
      await own.settle(nodesOf(deployment));
      expect((await own.brokenPaths([path])).size).to.equal(0);
    } finally {
      await client.patch(nodePath, { spec: { unschedulable: null } });
      await later.disposeAll();
    }
  });
});
