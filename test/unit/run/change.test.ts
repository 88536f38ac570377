import { expect } from 'chai';
import type { Deployment } from '../../../src/deploy/index.ts';
import { runScenario } from '../../../src/run/scenario.ts';
import { LateNodes } from '../../../src/settle/index.ts';
import { fakeRecorder } from '../record/fake-recorder.ts';
import { skipPauses } from '../skip-pauses.ts';
import { fakeCanary, fakeDeployment, fakeStage, scenarioOf } from './fake-stage.ts';

/** Pods whose recorders see each policy so long after it was accepted. */
const recordable = (lateMs: number) => {
  const deployment = fakeDeployment();
  let deniedMs = Number.POSITIVE_INFINITY;
  const recorders: string[] = [];
  const applyPolicies: Deployment['applyPolicies'] = async (policies, onAccepted) => {
    await deployment.applyPolicies(policies);
    onAccepted?.();
    deniedMs = policies.length > 0 ? performance.now() + lateMs : Number.POSITIVE_INFINITY;
  };
  const source: Deployment['source'] = (name) => {
    const real = deployment.source(name);
    const recorder = fakeRecorder(name, { isOpen: (_target, atMs) => atMs < deniedMs });
    return {
      endpoint: name,
      exec: async (argv, options) => {
        if (argv[3] !== 'recorder') return real.exec(argv, options);
        recorders.push(name);
        return recorder.exec(argv, options);
      },
    };
  };
  const pods: Deployment = Object.create(deployment, {
    applyPolicies: { value: applyPolicies },
    source: { value: source },
  });
  return { pods, recorders };
};

describe('a step that is recorded', () => {
  skipPauses();

  it('is each but the first if that is asked for, and its verdicts are those of its matrix', async () => {
    const { pods, recorders } = recordable(50);
    const { status, steps } = await runScenario(
      scenarioOf('two', [{}, { deny: true }]),
      pods,
      fakeStage({ recording: true }),
    );
    expect(status).to.equal('pass');
    const [first, second] = steps;
    expect(first).not.to.have.any.keys('recording');
    expect(recorders).to.deep.equal(['prod/client']);
    expect(second?.recording?.cells.map(({ from, to, direction }) => `${from} > ${to} ${direction}`)).to.deep.equal([
      'prod/client > prod/web closed',
    ]);
    expect(second?.recording?.cells[0]?.enforcedMs).to.be.within(49, 66);
    expect(second?.timings).to.have.all.keys('recordMs', 'applyMs', 'settleMs', 'probeMs');
  });

  it('is one that expects to be enforced in time, and fails if it is not', async () => {
    const { pods } = recordable(250);
    const { steps } = await runScenario(scenarioOf('late', [{}, { deny: true, withinMs: 200 }, {}]), pods, fakeStage());
    expect(steps.map(({ status, recording }) => `${status} ${recording?.withinMs}`)).to.deep.equal([
      'pass undefined',
      'fail 200',
      'pass undefined',
    ]);
    expect(steps[1]?.cells.map(({ status }) => status)).to.deep.equal(['self', 'match']);
  });

  it('has its matrix even if a node does not follow', async () => {
    const { pods } = recordable(50);
    const settle = async (): Promise<number> => {
      if (steps > 0) throw new LateNodes(30_000, ['n1']);
      steps += 1;
      return 0;
    };
    let steps = 0;
    const stage = fakeStage({ recording: true, canary: Promise.resolve(fakeCanary({ settle })) });
    const result = await runScenario(scenarioOf('stuck', [{}, { deny: true }]), pods, stage);
    const [, second] = result.steps;
    expect(second?.status).to.equal('fail');
    expect(second?.recording?.lateNodes).to.deep.equal(['n1']);
    expect(second?.cells.map(({ status }) => status)).to.deep.equal(['self', 'match']);
  });
});
