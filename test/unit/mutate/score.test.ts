import { expect } from 'chai';
import { discover } from '../../../src/commands/scenarios/paths.ts';
import { worldOf } from '../../../src/matrix/index.ts';
import { type ScenarioScore, type StepScore, scoreOf } from '../../../src/mutate/index.ts';
import type { Witness } from '../../../src/mutate/witnesses.ts';
import { loadScenarios, podsOf, type Scenario, type Step } from '../../../src/scenario/index.ts';
import { decideNaively } from '../../naive/decide.ts';
import type { RawPolicy } from '../../naive/manifest.ts';
import { load } from '../scenario/temporary-folder.ts';

const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: prod}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: api}}}]
      ports: [{port: 80}]
`;

const scoreWith = async (expectation: 'expect: model' | '', pods = '') => {
  const [scenario] = await load({
    'scenario.yaml': `namespaces:
  prod: {pods: {web: {labels: {app: web}, ports: [80, 81]}, api: {labels: {app: api}}${pods}}}
${expectation}
`,
    'policies/web.yaml': POLICY,
  });
  const [step] = scoreOf(scenario as never).steps;
  const kindsOf = (mutants: readonly { readonly edit: { readonly kind: string } }[] = []) =>
    mutants.map(({ edit }) => edit.kind).sort();
  return {
    step,
    noticed: kindsOf(step?.noticed.map(({ mutant }) => mutant)),
    missed: kindsOf(step?.missed),
    beyond: kindsOf(step?.beyond.flatMap(({ notices }) => notices)),
    same: kindsOf(step?.same.map(({ mutant }) => mutant)),
  };
};

const POLICY_OF = (name: string, spec: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: prod}\nspec: ${spec}\n`;

/** Why these mutants of policies over two pods change nothing. */
const whySame = async (...policies: readonly string[]) => {
  const [scenario] = await load({
    'scenario.yaml':
      'namespaces: {prod: {pods: {web: {labels: {app: web}, ports: [80]}, api: {labels: {app: api}, ports: [80]}}}}\nexpect: model\n',
    'policies/all.yaml': policies.join('---\n'),
  });
  const [step] = scoreOf(scenario as Scenario).steps;
  return step?.same.map(({ mutant, why }) => [mutant.policy.name, mutant.edit.kind, why]);
};

describe('scoreOf', () => {
  it('takes no cell that fails without a mistake for one that notices it', async () => {
    const [scenario] = await load({
      'scenario.yaml':
        'namespaces: {prod: {pods: {web: {labels: {app: web}, ports: [80]}, api: {labels: {app: api}}}}}\nexpect: {default: deny}\n',
      'policies/web.yaml': POLICY,
    });
    const [step] = scoreOf(scenario as Scenario).steps;
    expect(step?.noticed).to.deep.equal([]);
    expect(step?.failing).to.deep.equal([{ from: 'prod/api', to: 'prod/web', port: 80, protocol: 'TCP' }]);
    expect(step?.missed).not.to.deep.equal([]);
  });

  const shipped: (readonly [Scenario, ScenarioScore])[] = [];
  before(async () => {
    for (const scenario of await loadScenarios(await discover('scenarios')))
      shipped.push([scenario, scoreOf(scenario)]);
  });

  it('misses no mutant of the scenarios that podreach ships, of which few change nothing', () => {
    expect(shipped).to.have.length.above(110);
    const steps = shipped.flatMap(([scenario, score]) => score.steps.map((step) => ({ scenario, step })));
    const missed = steps.flatMap(({ scenario, step }) =>
      step.missed.map(({ policy, edit }) => `${scenario.name}, ${step.name}: ${policy.name} ${edit.kind}`),
    );
    expect(missed).to.deep.equal([]);
    const count = (sizeOf: (step: StepScore) => number) => steps.reduce((sum, { step }) => sum + sizeOf(step), 0);
    expect(count(({ noticed }) => noticed.length)).to.be.above(1_400);
    expect(count(({ beyond }) => beyond.flatMap(({ notices }) => notices).length)).to.be.below(90);
    expect(count(({ same }) => same.length)).to.be.below(60);
  });

  it('says why a mutant changes nothing', async () => {
    const everywhere = POLICY_OF('all', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}');
    expect(await whySame(everywhere)).to.deep.include(['all', 'all-peers', { kind: 'alone' }]);
    const [deny, open] = [
      POLICY_OF('deny', '{podSelector: {}}'),
      POLICY_OF('open', '{podSelector: {}, ingress: [{}]}'),
    ];
    expect(await whySame(deny, open)).to.deep.include([
      ...['deny', 'policy-removed', { kind: 'others', policies: ['prod/open'] }],
    ]);
    const closed = POLICY_OF('closed', '{podSelector: {}, policyTypes: [Egress]}');
    const inside = POLICY_OF('web', '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}]}]}');
    // Pods of prod may come in, but none of them goes out.
    expect(await whySame(closed, inside)).to.deep.include([
      ...['web', 'rule-removed', { kind: 'other-end', blocked: 'egress', policies: ['prod/closed'] }],
    ]);
  });

  it('says which mutants fail an expected cell, and what would show the others', async () => {
    const { step, missed, beyond, same } = await scoreWith('expect: model');
    // Nothing goes to the api, which has no port. Only the api is there to be let in, so that a third pod is needed.
    expect(missed).to.deep.equal(['all-selected', 'isolates']);
    expect(step?.witnesses.map(({ from, to, expectation }) => [from, to, expectation])).to.deep.equal([
      ['prod/web', 'prod/api', 'allow'],
    ]);
    expect(beyond).to.deep.equal(['all-peers', 'all-selected']);
    expect(step?.beyond.map(({ to, expectation }) => [to, expectation])).to.deep.equal([['prod/web', 'deny']]);
    expect(step?.beyond[0]?.newcomers.from).to.have.property('kind', 'pod');
    expect(same).to.deep.equal([]);
  });

  it('notices what an expected cell covers, and nothing where no cell is expected', async () => {
    const { missed, noticed } = await scoreWith('expect: model', ', db: {ports: [5432]}');
    expect(missed).to.deep.equal([]);
    expect(noticed).to.include.members(['all-peers', 'all-selected', 'isolates', 'policy-removed']);
    const none = await scoreWith('');
    expect(none.noticed).to.deep.equal([]);
    expect(none.missed).to.include('policy-removed');
  });

  it('finds cells that a procedure straight from the specification turns, too', async () => {
    let checked = 0;
    for (const [scenario, { steps }] of shipped)
      for (const [at, { witnesses, beyond }] of steps.entries())
        for (const witness of [...witnesses, ...beyond])
          for (const mutant of witness.notices) {
            const step = scenario.steps[at] as Step;
            const others = step.policies.filter((policy) => policy !== mutant.policy);
            const manifests = (own: object | null) =>
              [...others.map(({ manifest }) => manifest), ...(own ? [own] : [])] as unknown as readonly RawPolicy[];
            const world = worldWith(step, witness);
            const was = decideNaively(manifests(mutant.policy.manifest), world, witness);
            const is = decideNaively(manifests(mutant.manifest), world, witness);
            const told = `${scenario.name}: ${JSON.stringify(mutant.edit)}`;
            expect(was, told).to.equal(witness.expectation);
            expect(is, told).to.equal(was === 'allow' ? 'deny' : 'allow');
            checked += 1;
          }
    expect(checked).to.be.greaterThan(0);
  });
});

/** The step's world with the witness' newcomers, each of which declares the ports that the others do. */
const worldWith = ({ topology }: Step, { from, to, newcomers }: Witness) => {
  const world = worldOf({ topology });
  const ports = podsOf(topology).flatMap((pod) => pod.ports.filter(({ name }) => name !== undefined));
  const added = { namespaces: [...world.namespaces], pods: [...world.pods], hosts: [...(world.hosts ?? [])] };
  for (const [end, newcomer] of [[from, newcomers.from] as const, [to, newcomers.to] as const]) {
    if (newcomer?.kind === 'host') added.hosts.push({ name: end.replace('host:', ''), addresses: [newcomer.address] });
    if (newcomer?.kind !== 'pod') continue;
    const [namespace = '', name = ''] = end.split('/');
    if (!added.namespaces.some((one) => one.name === namespace))
      added.namespaces.push({ name: namespace, labels: newcomer.namespace.labels });
    added.pods.push({ namespace, name, labels: newcomer.labels, ports });
  }
  return { ...world, ...added };
};
