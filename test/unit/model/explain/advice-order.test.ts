import { expect } from 'chai';
import { advise } from '../../../../src/model/explain/advice.ts';
import { inputOf, probeOf } from './explain-fixture.ts';

const tcp = (...numbers: number[]) => numbers.map((number) => ({ number, protocol: 'TCP' as const }));
const changesOf = (specs: Readonly<Record<string, string>>) => {
  const pods = {
    'prod/db': { labels: { app: 'db' }, ports: tcp(5432, 9187) },
    'prod/web': { labels: { app: 'web' } },
    'dev/client': { labels: { role: 'client' } },
  };
  return advise(inputOf({ pods }, specs), probeOf('dev/client > prod/db 5432')).changes;
};

describe('advise: changes that come to the same', () => {
  const rules = [1, 2].map(() => '{from: [{namespaceSelector: {matchLabels: {team: shop}}}]}');

  it('are reported once', () => {
    const kinds = changesOf({ 'prod/db': `{podSelector: {matchLabels: {app: db}}, ingress: [${rules}]}` });
    expect(kinds.map(({ change }) => change.kind)).to.deep.equal(['rule', 'labels']);
  });

  it('are told of each policy', () => {
    const spec = '{podSelector: {matchLabels: {app: db}}}';
    const told = changesOf({ 'prod/a': spec, 'prod/b': spec });
    expect(told.map(({ change }) => (change.kind === 'rule' ? change.policy.name : change.kind))).to.deep.equal([
      'a',
      'b',
    ]);
  });

  it('come in the order of what is to be edited: labels before a port before a rule', () => {
    const told = changesOf({
      'prod/db':
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {role: client}}}], ports: [{port: 1}]}, {from: [{namespaceSelector: {}, podSelector: {matchLabels: {tier: x}}}], ports: [{port: 5432}]}]}',
    });
    expect(told.map(({ change }) => change.kind)).to.deep.equal(['labels', 'port', 'rule']);
    expect(told.map(({ reach, opens, closes }) => reach.length + opens + closes)).to.deep.equal([0, 0, 0]);
  });
});
