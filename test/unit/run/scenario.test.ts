import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { brokenScenario, runScenario } from '../../../src/run/scenario.ts';
import { OPEN, TIMED_OUT } from '../probe/fake-targets.ts';
import { fakeCanary, fakeDeployment, fakeStage, policyOf, scenarioOf, topologyOf } from './fake-stage.ts';

const CELL = 'prod/client > prod/web 80/TCP';

describe('runScenario', () => {
  it('judges a step, with what it took and a head of the scenario', async () => {
    const scenario = { ...scenarioOf('deny', [{ deny: true }]), intent: 'Nobody reaches web.' };
    const result = await runScenario(scenario, fakeDeployment(), fakeStage());
    expect(result).to.deep.include({
      name: 'deny',
      intent: 'Nobody reaches web.',
      file: 'scenarios/deny/scenario.yaml',
      status: 'pass',
    });
    expect(result.timings).to.have.all.keys('baselineMs', 'totalMs');
    const [step] = result.steps;
    expect(result.steps).to.have.length(1);
    expect(step).to.include({ name: 'step 1', status: 'pass' });
    expect(step?.timings).to.have.all.keys('applyMs', 'settleMs', 'probeMs');
    expect(step?.timings).to.include({ settleMs: 7 });
    expect(step?.cells.map(({ from, to, observed, status }) => `${from} ${to} ${observed} ${status}`)).to.deep.equal([
      'prod/web prod/web allowed self',
      'prod/client prod/web dropped match',
    ]);
    expect(step).not.to.have.any.keys('problem', 'hint');
    expect(step?.remarks).to.deep.equal([]);
  });

  it('takes the matrix as often as it is told, of policies that are applied once', async () => {
    const deployment = fakeDeployment();
    const result = await runScenario(scenarioOf('deny', [{ deny: true }]), deployment, fakeStage({ repeatEach: 3 }));
    const [step] = result.steps;
    expect(step).to.include({ status: 'pass', repeats: 3 });
    expect(step?.cells.map(({ observation }) => observation?.tally)).to.deep.equal([{ allowed: 3 }, { dropped: 3 }]);
    expect(deployment.calls).to.deep.equal(['remove', 'apply deny-deny']);
  });

  it('removes what an earlier scenario left, proves that all is open, then goes step by step', async () => {
    const deployment = fakeDeployment();
    await deployment.applyPolicies([policyOf('deny-earlier')]);
    const settled: string[][] = [];
    const settle = async () => {
      settled.push([...deployment.calls]);
      return 0;
    };
    const stage = fakeStage({ canary: Promise.resolve(fakeCanary({ settle })) });
    const result = await runScenario(scenarioOf('two', [{ deny: true }, {}]), deployment, stage);
    expect(result.status).to.equal('pass');
    expect(deployment.calls).to.deep.equal(['apply deny-earlier', 'remove', 'apply deny-two', 'apply ']);
    // Settled after the policies of each step were applied.
    expect(settled.map((calls) => calls.at(-1))).to.deep.equal(['apply deny-two', 'apply ']);
  });

  const steps = {
    pass: { deny: true },
    fail: { deny: true, expectation: 'allow' },
    error: { deny: true, expected: null },
  } as const;
  const worst: readonly [readonly (keyof typeof steps)[], string][] = [
    [['pass', 'pass'], 'pass'],
    [['fail', 'pass'], 'fail'],
    [['pass', 'fail'], 'fail'],
    [['error', 'pass'], 'error'],
    [['error', 'fail', 'pass'], 'error'],
    [['pass', 'fail', 'error'], 'error'],
  ];
  for (const [list, status] of worst)
    it(`is ${status} where its steps are ${list.join(', ')}`, async () => {
      const scenario = scenarioOf(
        'steps',
        list.map((name) => steps[name]),
      );
      const result = await runScenario(scenario, fakeDeployment(), fakeStage());
      expect(result.steps.map((step) => step.status)).to.deep.equal(list);
      expect(result.status).to.equal(status);
    });

  it('says that nothing is expected, and how to write down what was seen', async () => {
    const {
      steps: [step],
    } = await runScenario(scenarioOf('new', [steps.error]), fakeDeployment(), fakeStage());
    expect(step?.remarks).to.deep.equal(['no-expectation']);
    expect(step?.cells.map(({ status }) => status)).to.deep.equal(['self', 'unjudged']);
  });

  it('says of every cell what the specification says, by the addresses that the pods have', async () => {
    // The address of the client.
    const policies = [
      policyOf('by-address', { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.2/32' } }] }] }),
    ];
    const letIn = await runScenario(scenarioOf('block', [{ policies }]), fakeDeployment(), fakeStage());
    expect(letIn.steps[0]?.cells.map(({ model, observed }) => `${model} ${observed}`)).to.deep.equal([
      'allow allowed',
      'allow allowed',
    ]);
    const deployment = fakeDeployment();
    const blind = { ...deployment, applyPolicies: () => deployment.applyPolicies([policyOf('deny')]) };
    const scenario = scenarioOf('block', [{ policies, expectation: 'deny' }]);
    const { steps: seen, status } = await runScenario(scenario, blind, fakeStage());
    // A CNI that ignores the ipBlock: a finding, but no failure.
    expect(seen[0]?.cells.map(({ model, observed }) => `${model} ${observed}`)).to.deep.equal([
      'allow allowed',
      'allow dropped',
    ]);
    expect(status).to.equal('pass');
    expect([...(seen[0]?.why?.keys() ?? [])]).to.deep.equal([CELL]);
  });

  for (const [deny, enforced, status] of [
    [true, true, 'pass'],
    [false, true, 'pass'],
    [true, false, 'fail'],
  ] as const)
    it(`expects what the model predicts: ${status} where it says ${deny ? 'deny' : 'allow'}`, async () => {
      const policies = deny ? [policyOf('x')] : [];
      const scenario = scenarioOf('x', [{ policies, expected: 'model', form: 'model' }]);
      const deployment = { ...fakeDeployment(), ...(!enforced && { applyPolicies: async () => {} }) };
      const result = await runScenario(scenario, deployment, fakeStage({ settleTimeoutMs: 20 }));
      expect(result.status).to.equal(status);
      expect(result.steps[0]?.cells.map(({ expected }) => expected)).to.deep.equal([null, deny ? 'deny' : 'allow']);
    });

  it('explains a mismatch, and nothing if all is as expected', async () => {
    const whyOf = async (step: (typeof steps)['pass' | 'fail']) =>
      (await runScenario(scenarioOf('x', [step]), fakeDeployment(), fakeStage())).steps[0]?.why;
    const [[cell, why] = []] = (await whyOf(steps.fail)) ?? [];
    expect(cell).to.equal(CELL);
    const sides = why?.explained.connections.flatMap((connection) => connection.sides) ?? [];
    const places = sides.flatMap(({ policies }) => policies.map(({ policy }) => policy.placeOf?.([])));
    expect(places).to.deep.include({ file: 'policies/deny-x.yaml', line: 1, column: 1 });
    expect((await whyOf(steps.pass))?.size).to.equal(0);
  });

  it('refuses pods that lack the address that they are pinned to', async () => {
    const topology = topologyOf();
    const pinned = {
      ...topology,
      namespaces: topology.namespaces.map((one) => ({
        ...one,
        pods: one.pods.map((pod) => ({ ...pod, ...(pod.name === 'web' && { addresses: ['10.9.9.9'] }) })),
      })),
    };
    const result = await runScenario(scenarioOf('x', [{}], pinned), fakeDeployment(pinned), fakeStage());
    expect(result.status).to.equal('error');
    expect(result.steps[0]?.problem).to.contain('10.9.9.9');
  });

  it('carries the notes', async () => {
    const notes = [{ kind: 'not-read', file: 'p.yaml', line: 1, column: 1, objects: [] }] as const;
    const scenario = { ...scenarioOf('x', [{}]), notes };
    expect((await runScenario(scenario, fakeDeployment(), fakeStage())).notes).to.equal(notes);
    expect(brokenScenario(scenario, new PodreachError('no pods')).notes).to.equal(notes);
  });

  it('carries the warnings, which change nothing', async () => {
    const policies = [policyOf('nowhere', { podSelector: { matchLabels: { app: 'nowhere' } }, ingress: [] })];
    const scenario = scenarioOf('x', [{ policies }]);
    const result = await runScenario(scenario, fakeDeployment(), fakeStage());
    expect(result.status).to.equal('pass');
    expect(result.warnings?.map(({ file, line, column }) => `${file}:${line}:${column}`)).to.deep.equal([
      'policies/nowhere.yaml:1:1',
    ]);
    expect(brokenScenario(scenario, new PodreachError('no pods')).warnings).to.deep.equal(result.warnings);
  });

  it('says of what did not pass how to look at it, with --keep or without', async () => {
    const remarksOf = async (keep: boolean, step: (typeof steps)['pass' | 'fail']) =>
      (await runScenario(scenarioOf('x', [step]), fakeDeployment(), fakeStage({ keep }))).steps[0]?.remarks;
    expect(await remarksOf(false, steps.fail)).to.deep.equal(['not-kept']);
    expect(await remarksOf(true, steps.fail)).to.deep.equal(['kept']);
    expect(await remarksOf(true, steps.pass)).to.deep.equal([]);
  });

  it('gives a command that repeats the probe for a mismatch, and for no other cell', async () => {
    const result = await runScenario(
      scenarioOf('x', [{ deny: true, expectation: 'allow' }, { deny: true }]),
      fakeDeployment(),
      fakeStage({ repeat: { kubeconfig: ['kept/kubeconfig'] } }),
    );
    const [mismatch, match] = result.steps;
    expect([...(mismatch?.repeat ?? [])]).to.deep.equal([
      [
        CELL,
        'kubectl --kubeconfig kept/kubeconfig exec -n prod-x7k2a client -c probe -- timeout 2 nc -n -z -v 10.0.0.1 80',
      ],
    ]);
    expect(match?.repeat?.size).to.equal(0);
  });

  it('gives one for a flaky cell, and none for an error', async () => {
    // wget alone gets no answer on its first try after the baseline, then all do.
    const flaky = fakeDeployment(topologyOf(), (asked, from, attempt) =>
      from === 'prod/client' && asked.tool === 'wget' && attempt === 2 ? TIMED_OUT : OPEN,
    );
    const stage = fakeStage({ retries: 1 });
    const {
      steps: [seen],
      status,
    } = await runScenario(scenarioOf('x'), flaky, stage);
    expect(status).to.equal('fail');
    expect(seen?.cells.map((cell) => cell.status)).to.deep.equal(['self', 'flaky']);
    expect([...(seen?.repeat?.keys() ?? [])]).to.deep.equal([CELL]);

    const torn = fakeDeployment(topologyOf(), (asked, from, attempt) =>
      from === 'prod/client' && asked.tool === 'wget' && attempt >= 2 ? TIMED_OUT : OPEN,
    );
    const {
      steps: [error],
    } = await runScenario(scenarioOf('x'), torn, stage);
    expect(error?.cells.map((cell) => cell.status)).to.deep.equal(['self', 'error']);
    expect(error?.repeat?.size).to.equal(0);
  });
});
