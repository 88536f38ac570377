import { expect } from 'chai';
import type { Lease } from '../../../src/cluster/index.ts';
import { PodreachError } from '../../../src/errors.ts';
import { silent } from '../../../src/progress.ts';
import { runTrials, type Trials } from '../../../src/run/index.ts';
import { failureOf } from '../failure-of.ts';
import { type FakeStage, fakeDeployment, fakePool, fakeStage, policyOf, topologyOf } from './fake-stage.ts';

const cell = { from: 'prod/client', to: 'prod/web', port: 80, protocol: 'TCP' as const };
const open = { topology: topologyOf(), policies: [] };
const closed = { topology: topologyOf(), policies: [policyOf('deny')] };

const trialsOn = async <Result>(
  stage: FakeStage,
  work: (trials: Trials) => Promise<Result>,
  cleanUp = async () => {},
) => {
  const events: string[] = [];
  const lease = { cluster: { name: 'x', kubeconfig: '/x', probeImage: 'x' }, stays: true } as const;
  const whole: Lease = { ...lease, release: async () => void events.push('released') };
  const options = { timeoutMs: 1, settleTimeoutMs: 1, progress: silent, signal: stage.signal };
  const result = runTrials(
    async () => whole,
    options,
    work,
    async (_lease, _options, use) => {
      await use(stage);
      await cleanUp();
    },
  );
  const ended = await result;
  return { ...ended, events };
};

describe('trials', () => {
  it('say what was seen and what the specification says, in each world, on the same pods', async () => {
    const stage = fakeStage();
    const { result, events } = await trialsOn(stage, async (trials) => {
      const seen = [];
      for (const world of [open, closed, open]) seen.push(...(await trials.take(world, [cell])).seen);
      return seen.map(({ observation: { verdict }, decision }) => `${decision} ${verdict}`);
    });
    expect(result).to.deep.equal(['allow allowed', 'deny dropped', 'allow allowed']);
    expect(stage.deployments.calls).to.deep.equal(['acquire 1']);
    expect(events).to.deep.equal(['released']);
  });

  it('prove nothing with the silence of a server that does not answer itself', async () => {
    const mute = () => fakeDeployment(topologyOf(), () => ({ code: 143, ms: 2000 }));
    const { result } = await trialsOn(fakeStage({ deployments: fakePool(mute) }), async (trials) => {
      const { seen } = await trials.take(open, [cell]);
      return seen.map(({ observation }) => observation.verdict);
    });
    expect(result).to.deep.equal(['error']);
  });

  it('come to a result, whatever could not be removed afterwards', async () => {
    const left = new PodreachError('prod-x is still there');
    const { result, failures, events } = await trialsOn(
      fakeStage(),
      async (trials) => (await trials.take(open, [cell])).seen.length,
      () => Promise.reject(left),
    );
    expect([result, failures]).to.deep.equal([1, [left]]);
    expect(events).to.deep.equal(['released']);
  });

  it('give up pods on which something broke, and get others for the next world', async () => {
    const breaking = () =>
      Object.assign(fakeDeployment(), { requireLabels: () => Promise.reject(new PodreachError('labels changed')) });
    const pool = fakePool((topology) => (pool.created.length === 0 ? breaking() : fakeDeployment(topology)));
    const { result } = await trialsOn(fakeStage({ deployments: pool }), async (trials) => {
      const { message } = await failureOf(trials.take(open, [cell]));
      return [message, (await trials.take(open, [cell])).seen[0]?.observation.verdict];
    });
    expect(result).to.deep.equal(['labels changed', 'allowed']);
    expect(pool.calls).to.deep.equal(['acquire 1', 'dispose 1', 'acquire 2']);
  });
});
