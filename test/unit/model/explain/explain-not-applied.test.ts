import { expect } from 'chai';
import { explain } from '../../../../src/model/explain/explain.ts';
import type { Specs } from '../lint/fixture.ts';
import { explained } from './explain-cast.ts';
import { inputOf, modelOf, probeOf } from './explain-fixture.ts';

describe('explain: policies that are not applied', () => {
  const notApplied = (probe: string, specs: Specs) =>
    explained(probe, specs).notApplied.map(({ policy, direction, endpoint, reason }) => ({
      policy: policy.name,
      direction,
      endpoint,
      ...reason,
    }));

  it('reports a selector that selects nothing, with the nearest label of its namespace', () => {
    expect(
      notApplied('prod/web > prod/db 5432', { 'prod/x': '{podSelector: {matchLabels: {app: dbb}}}' }),
    ).to.deep.equal([
      {
        policy: 'x',
        direction: 'ingress',
        endpoint: 'prod/db',
        kind: 'nothing',
        nearest: { endpoint: 'prod/db', label: { key: 'app', value: 'db' } },
      },
    ]);
    expect(
      notApplied('prod/web > prod/db 5432', { 'prod/x': '{podSelector: {matchLabels: {ap: web}}}' }),
    ).to.containSubset([{ kind: 'nothing', nearest: { endpoint: 'prod/web', label: { key: 'app', value: 'web' } } }]);
  });

  it('reports a policy in another namespace whose selector fits', () => {
    const selector = '{podSelector: {matchLabels: {app: db}}}';
    expect(notApplied('prod/web > prod/db 5432', { 'dev/x': selector })).to.deep.equal([
      { policy: 'x', direction: 'ingress', endpoint: 'prod/db', kind: 'namespace', namespace: 'prod' },
    ]);
    expect(notApplied('prod/web > prod/web 80', { 'dev/x': selector })).to.deep.equal([]);
  });

  it('reports one for every pod only if its own namespace has none', () => {
    expect(notApplied('prod/web > prod/db 5432', { 'dev/x': '{podSelector: {}}' })).to.deep.equal([]);
    expect(notApplied('prod/web > prod/db 5432', { 'default/x': '{podSelector: {}}' })).to.containSubset([
      { kind: 'namespace', namespace: 'prod' },
    ]);
  });

  it('reports the more likely of both ends, or the destination if both are equally likely', () => {
    const selector = '{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress, Egress]}';
    for (const probe of ['dev/client > prod/db 5432', 'prod/db > dev/client 80'])
      expect(notApplied(probe, { 'dev/x': selector }), probe).to.containSubset([
        { policy: 'x', endpoint: 'dev/client', kind: 'nothing' },
      ]);
    expect(
      notApplied('prod/web > prod/db 5432', {
        'prod/x': '{podSelector: {matchLabels: {app: no}}, policyTypes: [Ingress, Egress]}',
      }),
    ).to.containSubset([{ policy: 'x', direction: 'ingress', endpoint: 'prod/db', kind: 'nothing' }]);
  });

  it('compares labels for twenty policies', () => {
    const numbers = Array.from({ length: 21 }, (_, at) => at);
    const specs = Object.fromEntries(numbers.map((at) => [`prod/p${at}`, '{podSelector: {matchLabels: {app: dbb}}}']));
    const nearest = notApplied('prod/web > prod/db 5432', specs).map((one) => 'nearest' in one && one.nearest !== null);
    expect(nearest).to.deep.equal(numbers.map((at) => at < 20));
  });

  it('reports rules that policyTypes leave out', () => {
    const specs = { 'prod/x': '{podSelector: {}, policyTypes: [Ingress], ingress: [{}], egress: [{}]}' };
    expect(notApplied('prod/web > dev/client 80', specs)).to.deep.equal([
      { policy: 'x', direction: 'egress', endpoint: 'prod/web', kind: 'idle' },
    ]);
    expect(notApplied('prod/web > prod/db 5432', specs)).to.deep.equal([
      { policy: 'x', direction: 'egress', endpoint: 'prod/web', kind: 'idle' },
    ]);
    expect(notApplied('dev/client > prod/db 5432', specs)).to.deep.equal([]);
  });

  it('reports a policy of the other direction, if nothing isolates the pod in this one', () => {
    const other = { 'prod/x': '{podSelector: {}, policyTypes: [Ingress]}' };
    const both = { ...other, 'prod/y': '{podSelector: {}, policyTypes: [Egress]}' };
    expect(notApplied('prod/web > dev/client 80', other)).to.deep.equal([
      { policy: 'x', direction: 'egress', endpoint: 'prod/web', kind: 'direction' },
    ]);
    expect(notApplied('prod/web > dev/client 80', both)).to.deep.equal([]);
  });

  it('reports a policy of the namespace that selects other pods, with the requirement that fails', () => {
    const specs = { 'prod/x': '{podSelector: {matchLabels: {app: web}}}', 'prod/y': '{podSelector: {}}' };
    expect(notApplied('dev/client > prod/db 5432', specs)).to.containSubset([
      { policy: 'x', kind: 'labels', unmet: { requirement: { key: 'app', values: ['web'] }, value: 'db' } },
    ]);
  });

  it('leaves out what isolates either end, and policies of no concern', () => {
    const specs = {
      'prod/deny': '{podSelector: {}}',
      'dev/other': '{podSelector: {matchLabels: {role: lost}}}',
      'dev/far': '{podSelector: {matchLabels: {role: nobody}}, policyTypes: [Ingress]}',
    };
    expect(notApplied('dev/client > prod/db 5432', specs)).to.deep.equal([]);
  });

  it('leaves out a policy that isolates one end, though its selector fits the other in another namespace', () => {
    const pods = { 'prod/web': { labels: { app: 'web' } }, 'dev/web': { labels: { app: 'web' } } };
    const specs = { 'dev/web': '{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress]}' };
    const model = modelOf(inputOf({ pods }, specs));
    expect(explain(model, probeOf('prod/web > dev/web 80')).notApplied).to.deep.equal([]);
  });

  it('finds the nearest label at the pod that lacks the least', () => {
    const pods = {
      'prod/far': { labels: { app: 'wec' } },
      'prod/near': { labels: { app: 'web', tier: 'fron' } },
    };
    const specs = { 'prod/x': '{podSelector: {matchLabels: {app: web, tier: front}}}' };
    const model = modelOf(inputOf({ pods }, specs));
    expect(explain(model, probeOf('prod/far > prod/near 80')).notApplied).to.containSubset([
      { reason: { kind: 'nothing', nearest: { endpoint: 'prod/near', label: { key: 'tier', value: 'fron' } } } },
    ]);
  });

  it('reports first what is most likely the mistake', () => {
    const specs = {
      'prod/labels': '{podSelector: {matchLabels: {app: web}}}',
      'dev/namespace': '{podSelector: {matchLabels: {app: db}}}',
      'prod/nothing': '{podSelector: {matchLabels: {app: dbb}}}',
      'prod/idle': '{podSelector: {matchLabels: {app: db}}, policyTypes: [Egress], ingress: [{}]}',
    };
    expect(notApplied('dev/client > prod/db 5432', specs).map(({ kind }) => kind)).to.deep.equal([
      'idle',
      'nothing',
      'namespace',
      'labels',
    ]);
  });
});
