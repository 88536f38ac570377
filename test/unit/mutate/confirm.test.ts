import { expect } from 'chai';
import type { Cell, ScenarioResult } from '../../../src/matrix/index.ts';
import { type Claim, claimsOf, confirmed, type StepScore, scenarioFor, scoreOf } from '../../../src/mutate/index.ts';
import { mutationExitCode } from '../../../src/report/mutation/index.ts';
import type { Scenario } from '../../../src/scenario/index.ts';
import { load } from '../scenario/temporary-folder.ts';

const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: prod}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}
`;

const claims = async (most = 100): Promise<readonly Claim[]> => {
  const [scenario] = await load({
    'scenario.yaml':
      'namespaces: {prod: {pods: {web: {labels: {app: web}, ports: [80]}, api: {}}}}\nexpect: model\nsteps: [{name: same, label: {prod/api: {x: y}}, enforceWithin: 2s}]\n',
    'policies/web.yaml': POLICY,
  });
  return claimsOf([[scenario as Scenario, scoreOf(scenario as Scenario)]], most);
};

const claimOf = async (kind: string): Promise<Claim> =>
  (await claims()).find(({ mutant }) => mutant.edit.kind === kind) as Claim;

const cell = (more: Partial<Cell> = {}): Cell => ({
  ...{ from: 'prod/api', to: 'prod/web', port: 80, protocol: 'TCP' as const },
  ...{ expected: 'deny' as const, observed: 'allowed' as const, model: 'allow' as const },
  ...{ status: 'mismatch' as const, observation: null },
  ...more,
});
const BLOCKED = { observed: 'dropped', model: 'deny', status: 'match' } as const;

const outcomeOf = (claim: Claim, cells: readonly Cell[], problem?: string) => {
  const step = { name: 'own', status: 'fail' as const, timings: {}, cells, ...(problem && { problem }) };
  return confirmed(claim, { steps: [step] } as unknown as ScenarioResult);
};

describe('a mutant that is tried live', () => {
  it('is one from all over the steps, and stands in for its policy in a scenario that expects the same', async () => {
    const all = await claims();
    // Of each step: removed, selects all pods, misspelt, isolates egress too.
    expect(all).to.have.length(8);
    expect((await claims(2)).map(({ step }) => step.name)).to.deep.equal([all[0]?.step.name, 'same']);
    expect(all[0]?.step.name).not.to.equal('same');
    const removed = scenarioFor(await claimOf('policy-removed'));
    expect(removed.steps.map(({ policies, expected }) => [policies.length, expected])).to.deep.equal([
      [0, [{ from: 'prod/api', to: 'prod/web', port: 80, protocol: 'TCP', expectation: 'deny' }]],
    ]);
    const wider = scenarioFor(await claimOf('all-selected')).steps[0];
    expect(wider?.policies[0]?.manifest.spec).to.have.deep.property('podSelector', {});
    expect(wider?.policies[0]?.spec.pods.requirements).to.deep.equal([]);
    expect(scenarioFor(all.at(-1) as Claim).steps[0]).not.to.have.property('withinMs');
  });

  it('is killed if the cell fails that should, and survives if none does that should not', async () => {
    const [noticed, missed] = [await claimOf('policy-removed'), await claimOf('isolates')];
    expect(outcomeOf(noticed, [cell()]).outcome).to.equal('killed');
    expect(outcomeOf(noticed, [cell(BLOCKED)])).to.deep.include({ outcome: 'otherwise', cells: [cell(BLOCKED)] });
    expect(outcomeOf(missed, [cell(BLOCKED)]).outcome).to.equal('survived');
    expect(outcomeOf(missed, [cell()]).outcome).to.equal('otherwise');
  });

  it('is otherwise if any cell is not as the model says, and broken if one has no verdict', async () => {
    const claim = await claimOf('policy-removed');
    const odd = cell({ to: 'prod/db', expected: null, observed: 'dropped', status: 'unjudged' });
    expect(outcomeOf(claim, [cell(), odd])).to.deep.include({ outcome: 'otherwise', cells: [odd] });
    const broken = cell({ to: 'prod/db', observed: 'error', status: 'error' });
    expect(outcomeOf(claim, [cell(), broken]).outcome).to.equal('broken');
    expect(outcomeOf(claim, [], 'no place')).to.deep.include({ outcome: 'broken', problem: 'no place' });
    // The servers of a Service differ: nobody knows which one answers.
    const undecided = cell({ to: 'svc:prod/web', model: 'unknown', status: 'flaky' });
    expect(outcomeOf(claim, [cell(), undecided]).outcome).to.equal('killed');
  });

  it('decides the exit code: a finding comes before what broke, and that before what is missed', async () => {
    const claim = await claimOf('policy-removed');
    const [killed, broken] = [outcomeOf(claim, [cell()]), outcomeOf(claim, [], 'no place')];
    const otherwise = outcomeOf(claim, [cell(BLOCKED)]);
    const missed = [{ name: 'x', file: 'x', steps: [scoreOf(claim.scenario).steps[0] as StepScore] }];
    expect(mutationExitCode([], [killed])).to.equal(0);
    expect(mutationExitCode(missed, [killed])).to.equal(1);
    expect(mutationExitCode(missed, [killed, broken])).to.equal(2);
    expect(mutationExitCode(missed, [broken, otherwise])).to.equal(1);
  });
});
