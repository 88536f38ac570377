import { expect } from 'chai';
import { worldOf } from '../../../src/matrix/index.ts';
import { scoreOf } from '../../../src/mutate/index.ts';
import type { Witness } from '../../../src/mutate/witnesses.ts';
import { loadScenarios, podsOf, type Step } from '../../../src/scenario/index.ts';
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
    same: kindsOf(step?.same),
  };
};

describe('scoreOf', () => {
  it('says which mutants fail an expected cell, and what would show the others', async () => {
    const { step, missed, same } = await scoreWith('expect: model');
    // Only the api is there to be selected, nothing starts from or goes to any other pod, and nothing tests UDP.
    expect(missed).to.deep.equal(['all-peers', 'all-selected', 'all-selected', 'isolates']);
    expect(same).to.deep.equal([]);
    const cells = step?.witnesses.map(({ from, to, expectation, notices }) => [from, to, expectation, notices.length]);
    expect(cells?.map(([, , , count]) => count).reduce((sum, count) => Number(sum) + Number(count), 0)).to.equal(4);
    expect(step?.witnesses[0]?.notices.length).to.be.greaterThan(1);
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
    const scenarios = await loadScenarios(['scenarios/semantics']);
    let checked = 0;
    for (const scenario of scenarios)
      for (const [at, { witnesses }] of scoreOf(scenario).steps.entries())
        for (const witness of witnesses)
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
