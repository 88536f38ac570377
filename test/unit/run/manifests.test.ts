import { join } from 'node:path';
import { expect } from 'chai';
import { runScenario } from '../../../src/run/scenario.ts';
import { loadScenarios, type Scenario } from '../../../src/scenario/index.ts';
import { policy, withFiles } from '../scenario/temporary-folder.ts';
import { serving, workload } from '../scenario/workloads/objects-fixture.ts';
import { fakeDeployment, fakeStage } from './fake-stage.ts';

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

const runOf = async (manifests: string) => {
  const scenario = await scenarioFrom(manifests);
  const deployment = fakeDeployment(scenario.steps[0].topology);
  const { status, steps } = await runScenario(scenario, deployment, fakeStage());
  const cells = (steps[0]?.cells ?? []).flatMap(({ from, to, observed, status: own }) =>
    from === to ? [] : [`${from} ${to} ${observed} ${own}`],
  );
  return { status, cells, calls: deployment.calls };
};

describe('a run of manifests without a scenario', () => {
  it('passes where the cluster does what the model predicts', async () => {
    const { status, cells, calls } = await runOf(app);
    expect(status).to.equal('pass');
    expect(cells).to.deep.equal(['prod/web prod/client allowed match', 'prod/client prod/web allowed match']);
    expect(calls).to.include('apply ');
  });

  it('fails where it does not', async () => {
    // The fake cluster blocks everything under a policy named deny, and the policy isolates web alone.
    const { status, cells, calls } = await runOf(`${app}---\n${denyWeb}`);
    expect(status).to.equal('fail');
    expect(cells).to.deep.equal(['prod/web prod/client dropped mismatch', 'prod/client prod/web dropped match']);
    expect(calls).to.include('apply deny-web');
  });
});
