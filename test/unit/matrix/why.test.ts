import { expect } from 'chai';
import { judge, predict, type Why, whyOf } from '../../../src/matrix/index.ts';
import type { Observation, Verdict } from '../../../src/probe/index.ts';
import { explanationSummary } from '../../../src/report/explain/index.ts';
import { probesOf, type Topology } from '../../../src/scenario/index.ts';
import { policyOf, topologyOf } from '../run/fake-stage.ts';

const withPorts = (count: number): Topology => {
  const topology = topologyOf();
  const ports = Array.from({ length: count }, (_, index) => ({ number: index + 1, protocol: 'TCP' as const }));
  return {
    ...topology,
    namespaces: topology.namespaces.map((one) => ({
      ...one,
      pods: one.pods.map((pod) => (pod.name === 'web' ? { ...pod, ports } : pod)),
    })),
  };
};

const explained = (topology: Topology, verdicts: readonly Verdict[], expectation: 'allow' | 'deny') => {
  const policies = [policyOf('deny-web')];
  const probes = probesOf(topology).filter(({ from, to }) => from !== to);
  const observed = probes.map(
    (probe, index): Observation => ({
      ...probe,
      verdict: verdicts[index % verdicts.length] ?? 'error',
      flaky: false,
      attempts: 1,
      detail: '',
    }),
  );
  const expected = probes.map((probe) => ({ ...probe, expectation }));
  const cells = judge(expected, observed, predict({ topology, policies }));
  return whyOf(cells, { topology, policies });
};

const textOf = (why: ReadonlyMap<string, Why>): string =>
  [...why.values()].flatMap(({ explained: its, advice }) => explanationSummary(its, advice)).join('\n');

describe('whyOf', () => {
  it('explains a mismatch, with the place of the policy', () => {
    const why = explained(topologyOf(), ['dropped'], 'allow');
    expect([...why.keys()]).to.deep.equal(['prod/client > prod/web 80/TCP']);
    const text = textOf(why);
    expect(text).to.contain('policies/deny-web.yaml:1').and.to.contain('prod/web');
  });

  it('says what would open it where it was to be open, and only there', () => {
    expect(textOf(explained(topologyOf(), ['dropped'], 'allow'))).to.contain('to open it');
    const asExpected = textOf(explained(topologyOf(), ['allowed'], 'deny'));
    expect(asExpected).to.contain('policies/deny-web.yaml:1').and.not.to.contain('to open it');
  });

  it('explains a disagreement that no expectation tells, after the mismatches', () => {
    expect([...explained(withPorts(2), ['allowed', 'dropped'], 'allow').keys()]).to.deep.equal([
      'prod/client > prod/web 2/TCP',
      'prod/client > prod/web 1/TCP',
    ]);
  });

  it('explains the first five, and nothing if all is well', () => {
    expect([...explained(withPorts(7), ['dropped'], 'allow').keys()]).to.deep.equal(
      [1, 2, 3, 4, 5].map((port) => `prod/client > prod/web ${port}/TCP`),
    );
    expect(explained(withPorts(7), ['dropped'], 'deny').size).to.equal(0);
  });
});
