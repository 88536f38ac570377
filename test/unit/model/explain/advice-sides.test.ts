import { expect } from 'chai';
import type { Specs } from '../lint/fixture.ts';
import { advice } from './advice-cast.ts';
import { told } from './advice-told.ts';

describe('advise, when both sides may deny', () => {
  it('reports a change for each side if both deny', () => {
    const specs = {
      'dev/deny': '{podSelector: {}, policyTypes: [Egress]}',
      'prod/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: shop}}}]}]}',
    };
    const { changes: alone, together } = advice('dev/client > prod/db 5432', specs);
    expect(alone).to.deep.equal([]);
    // As long as dev is shut, its label opens nothing else of this world; but it would for every pod of dev.
    expect(together.map(told).map(([kind, where]) => [kind, where])).to.deep.equal([
      ['policy', 'dev'],
      ['rule', 'db'],
    ]);
  });

  it('reports a change for each side too if the only one that opens it alone closes others', () => {
    const specs = {
      'prod/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]}',
      'prod/web': '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}',
      'prod/api': '{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress, Egress], egress: [{}]}',
    };
    const { changes: alone, together } = advice('prod/web > prod/db 5432', specs);
    // As app=api it may go everywhere (9187 of db), and nobody may come to it (db and the two of dev, on 80).
    expect(alone.map(told)).to.deep.equal([['labels', 'prod/web', { app: 'api' }, 1, 3]]);
    expect(together.map(told).map(([kind, policy]) => [kind, policy])).to.deep.equal([
      ['rule', 'web'],
      ['rule', 'db'],
    ]);
  });

  it('reports no change for each side if one change opens both, and closes nothing', () => {
    const specs = {
      'dev/closed': '{podSelector: {matchLabels: {role: client}}, policyTypes: [Egress]}',
      'prod/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: role, operator: NotIn, values: [client]}]}}]}]}',
    };
    const { changes: alone, together } = advice('dev/client > prod/db 5432', specs);
    expect(alone.map(({ change, closes }) => [change.kind, closes])).to.deep.equal([['labels', 0]]);
    expect(together).to.deep.equal([]);
  });

  describe('reports what a temporary allow-all would do', () => {
    const closed = { 'prod/deny': '{podSelector: {}}' };
    const silent = { 'dev/deny': '{podSelector: {}, policyTypes: [Egress]}' };
    const allowAll = (specs: Specs) => advice('dev/client > prod/db 5432', specs).allowAll;
    const opens = (direction: string, namespace: string) => ({ direction, namespace, decision: 'allow', blocking: [] });

    it('where one side denies', () => {
      expect(allowAll(closed)).to.deep.equal([opens('ingress', 'prod')]);
      expect(allowAll(silent)).to.deep.equal([opens('egress', 'dev')]);
    });

    it('where both do', () => {
      expect(allowAll({ ...closed, ...silent })).to.deep.equal([
        {
          direction: 'egress',
          namespace: 'dev',
          decision: 'deny',
          blocking: [{ direction: 'ingress', endpoint: 'prod/db' }],
        },
        {
          direction: 'ingress',
          namespace: 'prod',
          decision: 'deny',
          blocking: [{ direction: 'egress', endpoint: 'dev/client' }],
        },
      ]);
    });
  });
});
