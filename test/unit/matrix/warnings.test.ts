import { expect } from 'chai';
import { type PlacedWarning, warningsOf } from '../../../src/matrix/index.ts';
import { type ReadOptions, readPolicies } from '../../../src/model/index.ts';
import type { ReadPolicy, Scenario, Step, Topology } from '../../../src/scenario/index.ts';

const topologyOf = (...addresses: readonly string[]): Topology => {
  const db = { endpoint: 'prod/db', namespace: 'prod', name: 'db', labels: { app: 'db' }, ports: [], addresses };
  return { hosts: [], nodes: [], services: [], namespaces: [{ name: 'prod', labels: {}, pods: [db] }] };
};

const placeOf = () => ({ file: 'policies/p.yaml', line: 3, column: 7 });
const policyOf = (spec: object, options: ReadOptions = { placeOf }): ReadPolicy => {
  const manifest = {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
    metadata: { name: 'p', namespace: 'prod' },
    spec,
  };
  const [read] = readPolicies([manifest], options);
  return { name: 'p', namespace: 'prod', manifest, file: 'policies/p.yaml', line: 1, spec: read as ReadPolicy['spec'] };
};

const step = (policy: ReadPolicy, topology = topologyOf()): Step => ({
  name: 's',
  topology,
  policies: [policy],
  expected: null,
  form: null,
  path: [],
});
const found = (policy: ReadPolicy, topology = topologyOf('10.0.0.1')): readonly PlacedWarning[] =>
  warningsOf({ steps: [step(policy, topology)] });

const NOWHERE = { podSelector: { matchLabels: { app: 'nowhere' } } };

describe('warningsOf', () => {
  it('reports what is suspicious at its place, once for all steps', () => {
    const warnings = warningsOf({ steps: [step(policyOf(NOWHERE)), step(policyOf(NOWHERE))] });
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.include({ file: 'policies/p.yaml', line: 3, column: 7 });
    expect(warnings[0]?.rule).to.match(/^[a-z]+(-[a-z]+)+$/);
    expect(warnings[0]?.message).to.contain('app=nowhere');
    expect(warnings[0]).not.to.have.property('hint');
  });

  it('reports it at the head of the policy if nobody knows the place', () => {
    expect(found(policyOf(NOWHERE, {}))[0]).to.include({ file: 'p', line: 1, column: 1 });
  });

  it('keeps the hint that belongs to a warning', () => {
    const toService = [{ to: [{ ipBlock: { cidr: '10.96.0.10/32' } }], ports: [{ port: 53, protocol: 'UDP' }] }];
    const warnings = found(policyOf({ podSelector: {}, policyTypes: ['Egress'], egress: toService }));
    expect(warnings.find(({ rule }) => rule === 'ipblock-matches-nothing')?.hint).to.contain('kube-system');
  });

  const blocks: readonly [cidr: string, ...addresses: string[]][] = [
    ['10.0.0.0/24', '10.0.0.1'],
    ['fd00::/64', 'fd00::1'],
    ['10.0.0.0/24', 'fd00::1', '10.0.0.1'],
  ];
  for (const [cidr, ...addresses] of blocks)
    it(`finds that ${cidr} covers a pod at ${addresses.join(' and ')}`, () => {
      const policy = policyOf({ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr } }] }] });
      expect(found(policy, topologyOf(...addresses)).map(({ rule }) => rule)).to.deep.equal(['ipblock-covers-pods']);
    });

  it('reports nothing if nothing is suspicious', () => {
    expect(found(policyOf({ podSelector: {} }))).to.deep.equal([]);
  });

  it('reports what does nothing only if it does so in each step where it is in force', () => {
    const empty: Topology = { ...topologyOf(), namespaces: [{ name: 'prod', labels: {}, pods: [] }] };
    const policy = policyOf({ podSelector: { matchLabels: { app: 'db' } } });
    const withoutIt = { ...step(policy), policies: [] };
    const rules = (...steps: readonly [Step, ...Step[]]) => warningsOf({ steps }).map(({ rule }) => rule);
    expect(rules(step(policy, empty), withoutIt)).to.deep.equal(['selects-no-pod']);
    expect(rules(step(policy, empty), step(policy)), 'a pod that comes later').to.deep.equal([]);
  });

  it('reports what is too much even if it is so in one step only', () => {
    const policy = policyOf({ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/24' } }] }] });
    const steps = [step(policy, topologyOf('10.1.0.1')), step(policy, topologyOf('10.0.0.1'))] as const;
    expect(warningsOf({ steps }).map(({ rule }) => rule)).to.deep.equal(['ipblock-covers-pods']);
  });

  it('looks once only at the same scenario', () => {
    const scenario: Pick<Scenario, 'steps'> = { steps: [step(policyOf(NOWHERE))] };
    expect(warningsOf(scenario)).to.equal(warningsOf(scenario));
  });
});
