import { expect } from 'chai';
import { advise } from '../../../../src/model/explain/advice.ts';
import { reachText } from '../../../../src/report/explain/advice.ts';
import type { Cast, Specs } from '../lint/fixture.ts';
import { told } from './advice-told.ts';
import { inputOf, probeOf } from './explain-fixture.ts';

const tcp = (...numbers: number[]) => numbers.map((number) => ({ number, protocol: 'TCP' as const }));

const cast: Cast = {
  namespaces: { prod: { environment: 'prod' }, dev: {} },
  pods: {
    'prod/web': { labels: { app: 'web' }, ports: tcp(80) },
    'prod/db': { labels: { app: 'db' }, ports: tcp(5432, 9187) },
    'dev/client': { labels: { role: 'client' } },
    'dev/other': { labels: { role: 'other' } },
  },
};

describe('advise: of a Service', () => {
  const world = {
    ...inputOf(cast, {}).world,
    services: [
      {
        ...{ namespace: 'prod', name: 'web', selector: { app: 'web' } },
        ports: [{ number: 80, protocol: 'TCP' as const, target: 80 }],
      },
    ],
  };
  const served = (text: string, specs: Specs, more: Partial<typeof world> = {}) =>
    advise({ world: { ...world, ...more }, policies: inputOf(cast, specs).policies }, probeOf(text));
  const out = (rules: string) =>
    `{podSelector: {matchLabels: {role: client}}, policyTypes: [Egress], egress: [${rules}]}`;
  const toWeb = '{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: prod}}}]}';
  const toDns = (port: string) =>
    `{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}], ports: [${port}]}`;

  it('opens the lookup of its name, where that is what is denied', () => {
    const { changes: found, allowAll } = served('dev/client > dns:prod/web 80', {
      'dev/out': out(`${toWeb}, ${toDns('{port: 53}')}`),
    });
    // The rule would open one port of one pod, the port that of each pod of kube-system.
    expect(found.map(told)).to.deep.equal([
      [
        'rule',
        'out',
        'egress',
        {
          to: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
              podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
            },
          ],
          ports: [{ protocol: 'UDP', port: 53 }],
        },
        0,
        0,
      ],
      ['port', 'out', 'egress', 2, { number: 53, protocol: 'UDP' }, 0, 0],
    ]);
    expect(allowAll).to.deep.equal([{ direction: 'egress', namespace: 'dev', decision: 'allow', blocking: [] }]);
  });

  it('opens lookup and backend together, if both are denied', () => {
    const { changes: alone, together } = served('dev/client > dns:prod/web 80', {
      'dev/out': out(''),
      'prod/web': '{podSelector: {matchLabels: {app: web}}}',
    });
    expect(alone).to.deep.equal([]);
    expect(together.map(({ change }) => change.kind)).to.deep.equal(['rule', 'rule', 'rule']);
  });

  it('labels kube-system if a policy asks for a label that it does not have', () => {
    const { changes: found } = served('dev/client > dns:prod/web 80', {
      'dev/out': out(
        `${toWeb}, {to: [{namespaceSelector: {matchLabels: {name: kube-system}}}], ports: [{port: 53, protocol: UDP}]}`,
      ),
    });
    expect(found.map(({ change, reach }) => [change.kind, ...reach.map(reachText)])).to.deep.equal([
      ['rule'],
      ['labels', 'to every pod of namespace kube-system'],
    ]);
  });

  it('opens the backends that are denied if they differ, and takes none of them away', () => {
    const pods = [
      ...world.pods,
      { namespace: 'prod', name: 'old', labels: { app: 'web', version: '1' }, ports: tcp(80) },
    ];
    const specs = {
      'dev/out': out(
        '{to: [{namespaceSelector: {}, podSelector: {matchLabels: {app: web}, matchExpressions: [{key: version, operator: DoesNotExist}]}}]}',
      ),
    };
    const { changes: found } = served('dev/client > svc:prod/web 80', specs, { pods });
    expect(found.map(({ change }) => change.kind)).to.deep.equal(['labels', 'rule']);
    // Another value of `app` would take the pod out of the Service.
    const away = { 'dev/out': out('{to: [{namespaceSelector: {}, podSelector: {matchLabels: {app: api}}}]}') };
    const kinds = served('dev/client > svc:prod/web 80', away, { pods }).changes.map(({ change }) => change.kind);
    expect(kinds).to.not.include('labels');
  });

  it('makes no backend more', () => {
    const pods = [...world.pods, { namespace: 'prod', name: 'api', labels: { app: 'api' }, ports: tcp(80) }];
    const specs = {
      'prod/web':
        '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}',
    };
    // As app=web it would be behind the Service itself.
    const kinds = served('prod/api > svc:prod/web 80', specs, { pods }).changes.map(({ change }) => change.kind);
    expect(kinds).to.deep.equal(['rule']);
    expect(served('prod/api > prod/web 80', specs, { pods }).changes.map(({ change }) => change.kind)).to.include(
      'labels',
    );
  });
});
