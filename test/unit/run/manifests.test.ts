import { join } from 'node:path';
import { expect } from 'chai';
import { runScenario } from '../../../src/run/scenario.ts';
import { loadScenarios, type Policy, type Scenario } from '../../../src/scenario/index.ts';
import { policy, withFiles } from '../scenario/temporary-folder.ts';
import { serving, workload } from '../scenario/workloads/objects-fixture.ts';
import { fakeDeployment, fakeStage, policyOf } from './fake-stage.ts';

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

/** `enforced` are the policies of a CNI that takes them for what was applied. */
const runOf = async (manifests: string, enforced?: readonly Policy[]) => {
  const scenario = await scenarioFrom(manifests);
  const deployment = fakeDeployment(scenario.steps[0].topology);
  const { applyPolicies } = deployment;
  if (enforced) deployment.applyPolicies = () => applyPolicies(enforced);
  const { status, steps } = await runScenario(scenario, deployment, fakeStage());
  const cells = (steps[0]?.cells ?? []).flatMap(({ from, to, observed, status: own }) =>
    from === to ? [] : [`${from} ${to} ${observed} ${own}`],
  );
  return { status, cells, calls: deployment.calls };
};

describe('a run of manifests without a scenario', () => {
  it('passes if the cluster does what the model predicts', async () => {
    const { status, cells, calls } = await runOf(app);
    expect(status).to.equal('pass');
    expect(cells).to.deep.equal(['prod/web prod/client allowed match', 'prod/client prod/web allowed match']);
    expect(calls).to.include('apply ');
    const denied = await runOf(`${app}---\n${denyWeb}`);
    expect(denied.status).to.equal('pass');
    expect(denied.cells).to.deep.equal(['prod/web prod/client allowed match', 'prod/client prod/web dropped match']);
    expect(denied.calls).to.include('apply deny-web');
  });

  it('fails if it does not', async () => {
    // The policy isolates web alone, and the CNI isolates every pod.
    const { status, cells } = await runOf(`${app}---\n${denyWeb}`, [policyOf('deny-all')]);
    expect(status).to.equal('fail');
    expect(cells).to.deep.equal(['prod/web prod/client dropped mismatch', 'prod/client prod/web dropped match']);
  });
});
