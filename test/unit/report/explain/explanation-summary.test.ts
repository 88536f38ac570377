import { expect } from 'chai';
import fc from 'fast-check';
import { advise } from '../../../../src/model/explain/advice.ts';
import { explainProbe } from '../../../../src/model/explain/explain-probe.ts';
import { readPolicies } from '../../../../src/model/index.ts';
import { explanationLines, explanationSummary } from '../../../../src/report/explain/explanation.ts';
import { cases } from '../../../naive/arbitrary.ts';
import { probesOf } from '../../../naive/cells.ts';
import { modelOf } from '../../model/explain/explain-fixture.ts';
import { linesOf, shop, summaryOf } from './explanation-cast.ts';

describe('explanationSummary', () => {
  it('reports the side that denies, the rule that comes nearest, what was perhaps meant, and one change', () => {
    const specs = {
      'prod/all': 'podSelector: {}',
      'prod/db': shop,
      'prod/x': '{podSelector: {matchLabels: {app: dbb}}}',
    };
    expect(summaryOf('prod/web > prod/db 5432', specs)).to.deep.equal([
      'ingress of prod/db: denied; prod/db selects it: app=db (and 1 more policy does)',
      '  policies/1.yaml:4 rule 1, from namespaces team=shop: namespace prod has no label team=shop (it has environment=prod)',
      'not applied: policies/2.yaml:1 prod/x: podSelector app=dbb selects no pod of prod (nearest: app=db of prod/db)',
      'to open it: add to prod/db, ingress: {from: [{podSelector: {matchLabels: {app: web}}}], ports: [{protocol: TCP, port: 5432}]}',
    ]);
  });

  it('reports by what it is open', () => {
    const specs = {
      'dev/out': '{podSelector: {}, policyTypes: [Egress], egress: [{}]}',
      'prod/out': '{podSelector: {matchLabels: {app: db}}, policyTypes: [Egress]}',
    };
    expect(summaryOf('dev/client > prod/db 5432', specs)).to.deep.equal([
      'egress of dev/client: allowed by dev/out rule 1 (policies/0.yaml:4), to everywhere',
      'ingress of prod/db: allowed, no policy selects it for ingress',
      'not applied: policies/1.yaml:1 prod/out: it selects prod/db, but only for egress',
    ]);
  });

  it('reports the rule against which the fewest conditions stand', () => {
    const rules = [
      '{from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 80}]}',
      '{from: [{namespaceSelector: {matchLabels: {team: shop}}}]}',
    ];
    const [, rule] = summaryOf('prod/web > prod/db 5432', { 'prod/db': `{podSelector: {}, ingress: [${rules}]}` });
    expect(rule).to.contain('rule 2, from namespaces team=shop');
  });

  it('reports two changes rather than one that closes other connections', () => {
    const specs = {
      'prod/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]}',
      'prod/web': '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}',
      'prod/api': '{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress, Egress], egress: [{}]}',
    };
    expect(summaryOf('prod/web > prod/db 5432', specs).at(-1)).to.match(
      /^to open it: add to prod\/web, egress: .*, and add to prod\/db, ingress: /,
    );
    // As app=api it may go out to everywhere. Of db, client and node the last one's traffic is undefined, so it is not
    // surely closed.
    expect(linesOf('prod/web > prod/db 5432', specs)).to.contain(`One change would open it:
  change the label app of pod prod/web from web to api (opens more than was asked: to everywhere, including addresses outside the cluster; closes 2 other connections)

Or both of these:
  add to prod/web, egress: `);
  });

  it('names a policy without rules by its place', () => {
    expect(summaryOf('dev/client > prod/web 80', { 'prod/deny': 'podSelector: {}' }).slice(0, 2)).to.deep.equal([
      'ingress of prod/web: denied; prod/deny selects every pod of prod',
      '  policies/0.yaml:1 it has no ingress rules, so it lets nothing in',
    ]);
  });

  it('has at most six lines, all of them printable, and at least one except for a pod to itself', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(cases, fc.nat(), ({ world, manifests }, pick) => {
        const input = { world, policies: readPolicies(manifests) };
        const model = modelOf(input);
        const probes = probesOf(world);
        for (const probe of Array.from({ length: 3 }, (_, index) => probes[(pick + index * 37) % probes.length])) {
          if (!probe) continue;
          const explanation = explainProbe(model, probe);
          const advice = advise(input, probe);
          const lines = explanationSummary(explanation, advice);
          expect(lines.length).to.be.within(probe.from === probe.to ? 0 : 1, 6);
          const all = [...lines, ...explanationLines(explanation, advice)];
          for (const line of all)
            expect(line).to.not.match(/(?<!leaves (?:it )?)undefined|null|\[object|NaN|native code/);
        }
      }),
      { numRuns: 60 },
    );
  });
});
