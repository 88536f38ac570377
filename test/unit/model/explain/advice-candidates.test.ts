import { expect } from 'chai';
import { connectionOf } from '../../../../src/model/decide.ts';
import { candidatesFor } from '../../../../src/model/explain/advice-candidates.ts';
import { explainConnection } from '../../../../src/model/explain/explain.ts';
import { compile } from '../../../../src/model/index.ts';
import type { Cast, Specs } from '../lint/fixture.ts';
import { told } from './advice-told.ts';
import { inputOf, probeOf } from './explain-fixture.ts';

const cast: Cast = {
  namespaces: { prod: {}, dev: {} },
  pods: {
    'prod/db': { labels: { app: 'db' } },
    'prod/bare': {},
    'dev/client': { labels: { role: 'client' } },
  },
};
const candidates = (probe: string, specs: Specs, given: Cast = cast, hosts: Record<string, string[]> = {}) => {
  const { world, policies } = inputOf(given, specs);
  const model = compile(
    { ...world, hosts: Object.entries(hosts).map(([name, addresses]) => ({ name, addresses })) },
    policies,
  );
  const connection = connectionOf(model, probeOf(probe));
  const side = explainConnection(model, connection).sides.find(({ decision }) => decision !== 'allow');
  if (!side) return expect.fail(`${probe} is open`);
  return candidatesFor(side, connection, model);
};
/** As `told` has them, without what trying them shows. */
const guesses = (...given: Parameters<typeof candidates>) =>
  candidates(...given).map((change) => told({ change, opens: 0, closes: 0, opened: [], reach: [] }).slice(0, -2));
const into = (...rules: readonly string[]) => ({
  'prod/p': `{podSelector: {matchLabels: {app: db}}, ingress: [${rules}]}`,
});

describe('what may open a denied side', () => {
  it('is a label if only labels fail, a port if only ports fail, and a rule for the connection alone', () => {
    const rules = [
      '{from: [{podSelector: {matchLabels: {role: client}}}]}',
      '{from: [{namespaceSelector: {matchLabels: {team: shop}}}], ports: [{port: 5432}]}',
      '{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: x}}}], ports: [{port: 1}]}',
      '{from: [{namespaceSelector: {}}], ports: [{port: 1}]}',
      '{from: [{ipBlock: {cidr: 11.0.0.0/8}}]}',
      '{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: y}}}], ports: [{port: 1}, {port: 5432}]}',
      '{from: [{ipBlock: {cidr: 12.0.0.0/8}}, {namespaceSelector: {}}], ports: [{port: 1}, {port: 2}]}',
    ];
    expect(guesses('dev/client > prod/db 5432', into(...rules))).to.deep.equal([
      ['labels', 'dev', { team: 'shop' }],
      ['labels', 'dev/client', { app: 'y' }],
      ['port', 'p', 'ingress', 4, { number: 5432, protocol: 'TCP' }],
      ['port', 'p', 'ingress', 7, { number: 5432, protocol: 'TCP' }],
      [
        'rule',
        'p',
        'ingress',
        {
          from: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dev' } },
              podSelector: { matchLabels: { role: 'client' } },
            },
          ],
          ports: [{ protocol: 'TCP', port: 5432 }],
        },
      ],
    ]);
  });

  it('selects a pod without labels by nothing', () => {
    const [rule] = guesses('prod/bare > prod/db 5432', into());
    expect(rule?.[3]).to.deep.equal({ from: [{ podSelector: {} }], ports: [{ protocol: 'TCP', port: 5432 }] });
  });

  it('is no label of a host, and no rule for one without address', () => {
    const rules = into('{from: [{namespaceSelector: {matchLabels: {team: shop}}}]}');
    const kinds = (addresses: string[]) =>
      candidates('host:office > prod/db 5432', rules, cast, { office: addresses }).map(({ kind }) => kind);
    expect(kinds(['192.0.2.1'])).to.deep.equal(['rule']);
    expect(kinds([])).to.deep.equal([]);
    // A baseline would get a policy beside it.
    const baseline = { 'prod/deny': '{podSelector: {}}' };
    expect(candidates('host:office > prod/db 5432', baseline, cast, { office: [] })).to.deep.equal([]);
  });

  it('identifies a pod by the first label that no other pod of its namespace has, or by all', () => {
    const pods = (client: Record<string, string>) => ({
      pods: {
        'prod/db': { labels: { app: 'db', id: '1' } },
        'dev/client': { labels: client },
        'dev/b': { labels: { app: 'web', tier: 'b' } },
        'dev/c': { labels: { app: 'api', tier: 'a' } },
      },
    });
    const labels = (client: Record<string, string>) => {
      const [rule] = candidates('dev/client > prod/db 5432', into(), pods(client));
      return rule?.kind === 'rule' ? Object(rule.rule).from[0].podSelector.matchLabels : null;
    };
    expect(labels({ app: 'web', tier: 'a', id: '1' })).to.deep.equal({ id: '1' });
    expect(labels({ app: 'web', tier: 'a' })).to.deep.equal({ app: 'web', tier: 'a' });
    expect(labels({ app: 'web', tier: 'c', id: '1' })).to.deep.equal({ tier: 'c' });
    // Those that change with a release, only where there is nothing else.
    const released = { 'helm.sh/chart': 'shop-1.4.2', 'app.kubernetes.io/version': '2' };
    expect(labels({ ...released, app: 'web', tier: 'a' })).to.deep.equal({ app: 'web', tier: 'a' });
    expect(labels({ ...released, app: 'web', tier: 'c' })).to.deep.equal({ tier: 'c' });
    expect(labels(released)).to.deep.equal({ 'helm.sh/chart': 'shop-1.4.2' });
  });

  it('is at most fifty guesses of either kind', () => {
    const rule = (at: number) => `{from: [{namespaceSelector: {matchLabels: {team: t${at}}}}]}`;
    const numbers = Array.from({ length: 51 }, (_, at) => at);
    const one = candidates('dev/client > prod/db 5432', into(...numbers.map(rule)));
    expect(one.filter(({ kind }) => kind === 'labels')).to.have.lengthOf(50);
    const specs = Object.fromEntries(numbers.map((at) => [`prod/p${at}`, '{podSelector: {matchLabels: {app: db}}}']));
    expect(candidates('dev/client > prod/db 5432', specs)).to.have.lengthOf(50);
  });
});
