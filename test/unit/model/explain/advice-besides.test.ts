import { expect } from 'chai';
import { advise } from '../../../../src/model/explain/advice.ts';
import { reachText } from '../../../../src/report/explain/advice.ts';
import type { Specs } from '../lint/fixture.ts';
import { advice, cast } from './advice-cast.ts';
import { inputOf, probeOf } from './explain-fixture.ts';

describe('advise tells for whom a change opens the connection besides', () => {
  /** Kind and reach of each change, narrowest first. */
  const reaches = (probe: string, specs: Specs) =>
    advice(probe, specs).changes.map(({ change, reach }) => [change.kind, ...reach.map(reachText)]);
  const into = (rules: string) => ({ 'prod/db': `{podSelector: {matchLabels: {app: db}}, ingress: [${rules}]}` });

  it('a port of a rule for everybody, after a policy for the connection alone', () => {
    const specs = {
      'prod/deny': '{podSelector: {}, policyTypes: [Egress]}',
      'prod/dns': '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]}',
    };
    expect(reaches('prod/web > prod/db 5432', specs)).to.deep.equal([
      ['policy'],
      ['port', 'from every pod of namespace prod', 'to everywhere, including addresses outside the cluster'],
    ]);
  });

  it('a port of a rule for everybody, though an exception of another rule leaves addresses open to doubt', () => {
    const specs = {
      'prod/web':
        '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 192.168.77.71/4, except: [192.168.77.72/32]}}]}, {ports: [{port: 53, protocol: UDP}]}]}',
    };
    const { world, policies } = inputOf(cast, specs);
    const pods = world.pods.map((pod) => (pod.name === 'db' ? { ...pod, addresses: ['192.168.77.72'] } : pod));
    const { changes: found } = advise({ world: { ...world, pods }, policies }, probeOf('prod/web > prod/db 5432'));
    expect(found.map(({ change, reach }) => [change.kind, ...reach.map(reachText)])).to.deep.equal([
      ['rule'],
      ['port', 'to everywhere, including addresses outside the cluster'],
    ]);
  });

  it('a port of a rule for every namespace, or for one', () => {
    const rules = [
      '{from: [{namespaceSelector: {}}], ports: [{port: 1}]}',
      '{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: dev}}}], ports: [{port: 1}]}',
    ];
    expect(reaches('dev/client > prod/db 5432', into(rules.join()))).to.deep.equal([
      ['rule'],
      ['port', 'from every pod of namespace dev'],
      ['port', 'from pods of every namespace'],
    ]);
  });

  it('a label of a namespace, for all of its pods; and none of a pod', () => {
    const rules = [
      '{from: [{namespaceSelector: {matchLabels: {team: a}}}]}',
      '{from: [{podSelector: {matchLabels: {t: b}}}]}',
    ];
    expect(reaches('dev/client > prod/db 5432', into(rules.join()))).to.deep.equal([
      ['rule'],
      ['labels', 'from every pod of namespace dev'],
    ]);
    expect(reaches('prod/web > prod/db 5432', into(rules[1] ?? ''))).to.deep.equal([['rule'], ['labels']]);
  });

  it('a port of a rule for addresses, also if exceptions leave some out', () => {
    const rules = [
      '{from: [{namespaceSelector: {}, podSelector: {matchLabels: {role: client}}}, {ipBlock: {cidr: 11.0.0.0/8}}], ports: [{port: 1}]}',
      '{from: [{namespaceSelector: {}, podSelector: {matchLabels: {role: client}}}, {ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}], ports: [{port: 1}]}',
    ];
    expect(reaches('dev/client > prod/db 5432', into(rules.join()))).to.deep.equal([
      ['rule'],
      ['port', 'from all of 11.0.0.0/8'],
      ['port', 'from all of 0.0.0.0/0 except 10.0.0.0/8'],
    ]);
  });

  it('names some of the connections of this world that it opens', () => {
    const specs = into('{from: [{namespaceSelector: {matchLabels: {team: shop}}}]}');
    const labels = advice('dev/client > prod/db 5432', specs).changes.find(({ change }) => change.kind === 'labels');
    expect(labels?.opens).to.equal(3);
    expect(labels?.opened).to.have.length(2);
    for (const cell of labels?.opened ?? []) {
      expect(cell).to.not.deep.equal(probeOf('dev/client > prod/db 5432'));
      expect(cell.from).to.match(/^dev\//);
      expect(cell.to).to.equal('prod/db');
    }
  });
});
