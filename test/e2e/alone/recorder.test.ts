import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { execa } from 'execa';
import type { Deployment } from '../../../src/deploy/index.ts';
import { faultOf, startFaultOf, startStatus } from '../../../src/record/index.ts';
import { situationOf } from '../../../src/run/addresses.ts';
import { measureStarts } from '../../../src/run/measure-starts.ts';
import { recordChange } from '../../../src/run/record-change.ts';
import { runScenario } from '../../../src/run/scenario.ts';
import type { Stage } from '../../../src/run/stage.ts';
import type { Watched } from '../../../src/run/watch-list.ts';
import type { Scenario } from '../../../src/scenario/index.ts';
import type { Canary } from '../../../src/settle/index.ts';
import { deployScenario, type LiveScenario } from './live-scenario.ts';

const LATE_MS = 3_000;
const EXACT_MS = 50;
const ATTEMPTS = 3;
const TABLE = 'podreach_test';

/** What the recorder measures, against what the test does itself at a known time. */
describe('the recorder', () => {
  let live: LiveScenario;
  let scenario: Scenario;
  let deployment: Deployment;

  before(async () => {
    live = await deployScenario('scenarios/steps/policy-updated');
    ({ scenario, deployment } = live);
  });

  after(async () => {
    await execa('docker', ['exec', placeOf('prod/web').node, 'nft', 'delete', 'table', 'inet', TABLE], {
      reject: false,
    });
    await live?.dispose();
  });

  const placeOf = (name: string) => {
    const end = deployment.endpoints.get(name);
    if (!end || !('node' in end)) throw new Error(`${name} is no pod`);
    return { node: end.node, address: end.addresses[0] ?? '' };
  };

  /** Runs nft on the node of web; returns when that began and ended, by `performance.now()`. */
  const nft = async (...commands: readonly string[]): Promise<readonly [number, number]> => {
    const script = `echo $EPOCHREALTIME; nft '${commands.join('; ')}' && echo $EPOCHREALTIME`;
    const { stdout } = await execa('docker', ['exec', placeOf('prod/web').node, 'bash', '-c', script]);
    const [began = 0, ended = 0] = stdout.split('\n').map((text) => Number(text) * 1000 - performance.timeOrigin);
    return [began, ended];
  };

  /** The recorder in the client gets no processor time for a while. */
  const standStill = () => {
    const script = 'own=$(pgrep -f ^/recorder); kill -STOP $own; sleep 0.4; kill -CONT $own';
    return execa('docker', ['exec', placeOf('dev/client').node, 'sh', '-c', script]);
  };

  const table = (rule: string): readonly string[] => [
    `add table inet ${TABLE}`,
    `delete table inet ${TABLE}`,
    `add table inet ${TABLE}`,
    `add set inet ${TABLE} blocked { type ipv4_addr; }`,
    `add chain inet ${TABLE} forward { type filter hook forward priority -300; }`,
    `add rule inet ${TABLE} forward ${rule}`,
  ];

  /** Takes the steps of the scenario on pods that may be tampered with. */
  const take = async (pods: Deployment, steps: Scenario['steps'], changes: Partial<Stage>) => {
    const canary: Canary = { isOrdered: true, settle: async () => 0, brokenPaths: async () => new Map() };
    const stage = live.stage(canary, { recording: true, ...changes });
    return (await runScenario({ ...scenario, steps }, pods, stage)).steps;
  };

  /** The same pods; `applyPolicies` is another one. */
  const withPolicies = (applyPolicies: Deployment['applyPolicies']): Deployment =>
    Object.create(deployment, { applyPolicies: { value: applyPolicies } });

  it('is wrong by one tick at most about a rule that comes, or goes, 3 s late, even if it stands still for a while', async () => {
    await deployment.removePolicies();
    await nft(...table('ip daddr @blocked drop'));
    const { address, node } = placeOf('prod/web');
    const measure = async (direction: 'closed' | 'opened') => {
      const watched: Watched = {
        probe: { from: 'dev/client', to: 'prod/web', port: 80, protocol: 'TCP' },
        direction,
        fromNode: placeOf('dev/client').node,
        toNode: node,
        target: { host: address, port: 80 },
      };
      let acceptedMs = 0;
      let stood: Promise<unknown> = Promise.resolve();
      let acted = Promise.resolve<readonly [number, number]>([0, 0]);
      const recording = await recordChange(
        deployment,
        { watched: [watched], unwatched: 0 },
        {
          make: async (onAccepted) => {
            acceptedMs = performance.now();
            onAccepted();
            stood = sleep(LATE_MS / 3).then(standStill);
            acted = sleep(LATE_MS).then(() => act(direction));
          },
          settle: async () => [],
        },
        { signal: new AbortController().signal, settleTimeoutMs: 10_000 },
      );
      await stood;
      return { acceptedMs, acted: await acted, recording, cell: recording.cells[0] };
    };
    const act = (direction: 'closed' | 'opened') =>
      nft(`${direction === 'closed' ? 'add' : 'delete'} element inet ${TABLE} blocked { ${address} }`);

    for (const direction of ['closed', 'opened'] as const) {
      let measured = await measure(direction);
      // A machine that is busy with something else makes it less exact, and it says so.
      for (let tried = 1; (measured.cell?.gapMs ?? 0) > EXACT_MS && tried < ATTEMPTS; tried += 1) {
        await act(direction === 'closed' ? 'opened' : 'closed');
        measured = await measure(direction);
      }
      const { acceptedMs, acted, recording, cell } = measured;
      const [began, ended] = acted;
      const seenMs = acceptedMs + (cell?.enforcedMs ?? 0);
      const slackMs = recording.clockErrorMs + 1;
      expect(recording.tickMs).to.be.at.most(20);
      // It came into force somewhere between the two.
      expect(seenMs, direction).to.be.at.least(began - slackMs);
      expect(seenMs - (cell?.gapMs ?? 0), direction).to.be.at.most(ended + slackMs);
      expect(seenMs, `${direction}, with a gap of ${cell?.gapMs} ms`).to.be.within(began - EXACT_MS, ended + EXACT_MS);
      expect(cell?.enforcedMs).to.be.at.least(LATE_MS);
      // What it was too late to see while it stood still is no change.
      expect(cell?.turns.map(({ open }) => open)).to.deep.equal([direction === 'closed', direction === 'opened']);
    }
  });

  it('finds a policy that comes 3 s late too late, and one lost SYN changes no verdict', async () => {
    const [start, narrower, wider] = scenario.steps;
    if (!narrower || !wider) throw new Error('there are no steps');
    await nft(...table('ip daddr @blocked drop'));
    const lose = () =>
      nft(...table(`ip saddr ${placeOf('dev/client').address} tcp flags syn numgen inc mod 1000000 == 0 drop`));
    let [acceptedMs, sentMs, appliedMs, applied] = [0, 0, 0, Promise.resolve()];
    const late = withPolicies(async (policies, onAccepted) => {
      if (policies === wider.policies) await lose();
      if (policies !== narrower.policies) return deployment.applyPolicies(policies, onAccepted);
      acceptedMs = performance.now();
      onAccepted?.();
      applied = sleep(LATE_MS).then(() => {
        sentMs = performance.now();
        return deployment.applyPolicies(policies, () => {
          appliedMs = performance.now();
        });
      });
    });
    let matrices = 0;
    const canary: Canary = {
      isOrdered: true,
      settle: async () => 0,
      brokenPaths: async () => {
        matrices += 1;
        // Before the matrix of the last step.
        if (matrices === 5) await lose();
        return new Map();
      },
    };
    const steps = await take(late, [start, { ...narrower, withinMs: 2_000 }, wider], {
      canary: Promise.resolve(canary),
    });
    await applied;
    const [, second, third] = steps;
    expect(second?.status).to.equal('fail');
    expect(second?.cells.filter(({ status }) => status === 'mismatch')).to.deep.equal([]);
    const closed = second?.recording?.cells.filter(({ direction }) => direction === 'closed') ?? [];
    expect(closed.map((cell) => faultOf(cell, { withinMs: 2_000 }))).to.deep.equal(['too-late']);
    const [cell] = closed;
    expect(cell?.late).to.be.above(100);
    // The answer takes some milliseconds, and so does Calico.
    expect(acceptedMs + (cell?.enforcedMs ?? 0)).to.be.within(sentMs, appliedMs + 500);
    expect(third?.status, JSON.stringify(third?.recording)).to.equal('pass');
    const lost = third?.recording?.cells.reduce((sum, one) => sum + one.lost, 0);
    expect(lost).to.equal(1);
  });

  /** Starts two pods like api, one on each node, while the first state's policies are said to be in force. */
  const startTwo = (settleTimeoutMs: number) => {
    const [{ policies }] = scenario.steps;
    const wanted = { pods: ['prod/api'], count: 2, openAtMostMs: 0, closedAtMostMs: 250 };
    const stage = { signal: new AbortController().signal, settleTimeoutMs };
    return measureStarts(deployment, { ...situationOf(deployment), policies }, wanted, stage);
  };

  it('finds a pod that starts open because no policy is in force', async () => {
    await deployment.removePolicies();
    const starts = await startTwo(1_500);
    expect(startStatus(starts), JSON.stringify(starts)).to.equal('fail');
    const faulty = starts.cells.filter((cell) => startFaultOf(cell, starts) === 'not-enforced');
    expect(new Set(faulty.map(({ from, to, window }) => `${from} ${to} ${window}`))).to.deep.equal(
      new Set(['prod/api prod/web open']),
    );
    // From its first moment.
    for (const { sinceMs, wrong } of faulty) {
      expect(sinceMs).to.be.below(EXACT_MS);
      expect(wrong).to.be.above(20);
    }
  });

  it('finds pods closed for as long as the agent of a node does not do its work', async () => {
    await deployment.applyPolicies(scenario.steps[0].policies);
    const { node } = placeOf('prod/web');
    const signal = (name: 'STOP' | 'CONT') =>
      execa('docker', ['exec', node, 'sh', '-c', `kill -${name} $(pgrep -f '^calico-node -felix')`]);
    try {
      await signal('STOP');
      const measuring = startTwo(20_000);
      await sleep(LATE_MS);
      const beforeMs = performance.now();
      await signal('CONT');
      const starts = await measuring;
      expect(startStatus(starts), JSON.stringify(starts)).to.equal('fail');
      const closed = starts.cells.filter(({ windowMs }) => (windowMs ?? 0) > 0);
      expect(closed.map(({ window }) => window))
        .to.include('closed')
        .and.not.to.include('open');
      expect(starts.starts.map((one) => one.node)).to.include(node);
      for (const { windowMs } of closed) expect(windowMs).to.be.below(performance.now() - beforeMs + LATE_MS);
    } finally {
      await signal('CONT');
    }
  });

  it('finds what is not enforced at the deadline, and the matrix is taken all the same', async () => {
    const { node } = placeOf('prod/web');
    const signal = (name: 'STOP' | 'CONT') =>
      execa('docker', ['exec', node, 'sh', '-c', `kill -${name} $(pgrep -f '^calico-node -felix')`]);
    const [start, narrower] = scenario.steps;
    if (!narrower) throw new Error('there is no step');
    const standing = withPolicies(async (policies, onAccepted) => {
      await deployment.applyPolicies(policies, onAccepted);
      if (policies === narrower.policies) return;
      await sleep(1_000);
      await signal('STOP');
    });
    try {
      const [, step] = await take(standing, [start, narrower], { settleTimeoutMs: 2_000 });
      expect(step?.status).to.equal('fail');
      const wrong = step?.cells.filter(({ status }) => status === 'mismatch').map(({ from, to }) => `${from} ${to}`);
      expect(wrong).to.deep.equal(['dev/other prod/web']);
      const recording = step?.recording;
      const faulty = recording?.cells.filter((cell) => faultOf(cell, recording) === 'not-enforced');
      expect(faulty?.map(({ from, to }) => `${from} ${to}`)).to.deep.equal(['dev/other prod/web']);
      expect(recording?.watchedMs).to.be.within(2_000, 4_000);
    } finally {
      await signal('CONT');
    }
  });
});
