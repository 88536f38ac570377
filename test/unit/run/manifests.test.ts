import { join } from 'node:path';
import { expect } from 'chai';
import { runScenario } from '../../../src/run/scenario.ts';
import { loadScenarios, podsOf, type Scenario } from '../../../src/scenario/index.ts';
import { type Behaviour, endpoint, OPEN, TIMED_OUT } from '../probe/fake-targets.ts';
import { policy, withFiles } from '../scenario/temporary-folder.ts';
import { serving, workload } from '../scenario/workloads/objects-fixture.ts';
import { fakeCanary, fakeDeployment, fakeStage } from './fake-stage.ts';

const app = ['web', 'client']
  .map((name) =>
    workload('Deployment', name, {
      namespace: 'prod',
      labels: `{app: ${name}}`,
      containers: serving('[{containerPort: 80}]'),
    }),
  )
  .join('');
const denyWeb = policy('deny-web', 'prod').replace(
  '{podSelector: {}}',
  '{podSelector: {matchLabels: {app: web}}, ingress: []}',
);

const scenarioFrom = (manifests: string): Promise<Scenario> =>
  withFiles({ 'app.yaml': manifests }, async (folder) => {
    const [scenario] = await loadScenarios([join(folder, 'app.yaml')]);
    return scenario ?? expect.fail('no scenario');
  });

const webOf = ({ steps }: Scenario) => podsOf(steps[0].topology).findIndex(({ name }) => name === 'web');

/** Runs manifests in a cluster that does what the model says or, once policies are in force, lets nobody reach web. */
const runOf = async (manifests: string, { isBroken = false } = {}) => {
  const scenario = await scenarioFrom(manifests);
  let isInForce = false;
  const behave: Behaviour = ({ host }, from) =>
    isBroken && isInForce && from !== 'prod/web' && host === endpoint('prod/web', webOf(scenario), []).addresses[0]
      ? TIMED_OUT
      : OPEN;
  const settle = async () => {
    isInForce = true;
    return 0;
  };
  const deployment = fakeDeployment(scenario.steps[0].topology, behave);
  const stage = fakeStage({ canary: Promise.resolve(fakeCanary({ settle })) });
  const { status, steps } = await runScenario(scenario, deployment, stage);
  const cells = (steps[0]?.cells ?? []).flatMap(({ from, to, observed, status: own }) =>
    from === to ? [] : [`${from} ${to} ${observed} ${own}`],
  );
  return { status, cells, calls: deployment.calls };
};

describe('a run of manifests without a scenario', () => {
  it('passes if the cluster does what the model predicts of their policies', async () => {
    const { status, cells, calls } = await runOf(`${app}---\n${denyWeb}`);
    expect(status).to.equal('pass');
    expect(cells).to.deep.equal(['prod/web prod/client allowed match', 'prod/client prod/web dropped match']);
    expect(calls).to.include('apply deny-web');
  });

  it('fails if it does not', async () => {
    const { status, cells } = await runOf(app, { isBroken: true });
    expect(status).to.equal('fail');
    expect(cells).to.deep.equal(['prod/web prod/client allowed match', 'prod/client prod/web dropped mismatch']);
  });
});
