import { join } from 'node:path';
import { expect } from 'chai';
import { type ExplainFlags, explain } from '../../../../src/commands/explain/explain.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { failureOf } from '../../failure-of.ts';
import { type Files, withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const files = {
  'shop/scenario.yaml': `name: shop
namespaces:
  prod:
    labels: {environment: prod}
    pods:
      web: {labels: {app: web}}
      db: {labels: {app: db}, ports: [{name: sql, port: 5432}, {name: dns, port: 53, protocol: UDP}]}
`,
  'shop/policies/db.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: prod}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
    - from:
        - namespaceSelector: {matchLabels: {team: shop}}
      ports:
        - port: sql
`,
  'other/scenario.yaml': 'namespaces: {prod: {pods: {web: {}}}}\npolicies: []\n',
};

type Asked = readonly [path: string, from: string, to: string, port: string];

/** The exit code and what was printed, with paths relative to the folder. */
const answer = ([path, from, to, port]: Asked, flags: Partial<ExplainFlags> = {}, more: Files = {}) =>
  withFiles({ ...files, ...more }, async (folder) => {
    const terminal = fakeTerminal();
    const code = await explain(
      { path: join(folder, path), from, to, port },
      { reporter: 'terminal', ...flags },
      terminal,
    );
    return { code, text: terminal.printed().replaceAll(/[^ "(]*\/(?=shop\/)/g, '') };
  });

const refusal = async (asked: Asked, flags: Partial<ExplainFlags> = {}, more: Files = {}) => {
  const failure = await failureOf(answer(asked, flags, more));
  expect(failure).to.be.instanceOf(PodreachError);
  return failure;
};

describe('explain, the command', () => {
  it('says why, with file and line, and exits 0 though it is denied', async () => {
    const { code, text } = await answer(['shop', 'prod/web', 'prod/db', '5432']);
    expect(code).to.equal(0);
    expect(text).to.equal(`prod/web -> prod/db 5432/TCP: deny

egress of prod/web: allowed, no policy selects it for egress
ingress of prod/db: denied
  shop/policies/db.yaml:1 prod/db selects it: app=db
    :7 rule 1, from namespaces team=shop: namespace prod has no label team=shop (it has environment=prod)

Any one of these changes would open it:
  add to prod/db, ingress: {from: [{podSelector: {matchLabels: {app: web}}}], ports: [{protocol: TCP, port: 5432}]}
  label namespace prod with team=shop (opens more than was asked: from every pod of namespace prod)

A temporary allow-all for ingress in prod would open it: only policies block it.
`);
  });

  it('gives the same to machines', async () => {
    const { code, text } = await answer(['shop', 'prod/web', 'prod/db', '5432'], { reporter: 'json' });
    expect(code).to.equal(0);
    const report = JSON.parse(text);
    const place = { file: 'shop/policies/db.yaml' };
    expect(report).to.containSubset({
      schema: 'podreach/explain/v1',
      scenario: 'shop',
      file: 'shop/scenario.yaml',
      from: 'prod/web',
      to: 'prod/db',
      port: 5432,
      protocol: 'TCP',
      decision: 'deny',
      declared: true,
      notApplied: [],
      advice: {
        changes: [
          { kind: 'rule', opens: 0, closes: 0, alsoFor: [] },
          {
            kind: 'labels',
            text: 'label namespace prod with team=shop (opens more than was asked: from every pod of namespace prod)',
            ...{ opens: 0, closes: 0, alsoFor: ['from every pod of namespace prod'] },
          },
        ],
        together: [],
        allowAll: [{ direction: 'ingress', namespace: 'prod', decision: 'allow', blocking: [] }],
      },
    });
    expect(report.sides).to.containSubset([
      { direction: 'egress', endpoint: 'prod/web', decision: 'allow', policies: [] },
      {
        direction: 'ingress',
        endpoint: 'prod/db',
        decision: 'deny',
        hangsOn: [],
        policies: [
          {
            policy: 'prod/db',
            ...place,
            line: 1,
            selectedBy: ['app=db'],
            rules: [
              {
                number: 1,
                ...place,
                line: 7,
                answer: 'no',
                peers: [
                  {
                    peer: 'namespaces team=shop',
                    ...place,
                    line: 8,
                    answer: 'no',
                    reason: 'namespace-labels',
                    why: 'namespace prod has no label team=shop (it has environment=prod)',
                  },
                ],
                ports: [{ port: 'sql/TCP', ...place, line: 10, answer: 'yes', reason: null, why: null }],
              },
            ],
          },
        ],
      },
    ]);
  });

  const ports: readonly (readonly [written: string, shown: string])[] = [
    ['5432', '5432/TCP'],
    ['53/UDP', '53/UDP'],
    ['53/udp', '53/UDP'],
    ['9000/SCTP', '9000/SCTP'],
    ['sql', '5432/TCP'],
    ['dns', '53/UDP'],
    ['65535', '65535/TCP'],
  ];
  for (const [written, shown] of ports)
    it(`takes the port ${written}`, async () => {
      const { text } = await answer(['shop', 'prod/web', 'prod/db', written]);
      expect(text.split('\n')[0]).to.match(new RegExp(`^prod/web -> prod/db ${shown}: `));
    });

  for (const port of ['0', '65536', '80/ICMP', 'http', '-1', ''])
    it(`refuses the port ${JSON.stringify(port)}`, async () => {
      const { message, hint } = await refusal(['shop', 'prod/web', 'prod/db', port]);
      expect(message).to.equal(`"${port}" is not a port of prod/db: write 80, 53/UDP or the name of one of its ports`);
      expect(hint).to.equal('prod/db has sql (5432/TCP), dns (53/UDP)');
    });

  it('refuses an endpoint that is not there, and reports the nearest', async () => {
    for (const [asked, message] of [
      [
        ['shop', 'prod/wbe', 'prod/db', '80'],
        'the scenario has no endpoint "prod/wbe"; the nearest valid endpoint is "prod/web"',
      ],
      [
        ['shop', 'prod/web', 'prod/bd', '80'],
        'the scenario has no endpoint "prod/bd"; the nearest valid endpoint is "prod/db"',
      ],
    ] as const) {
      const failure = await refusal(asked);
      expect(failure.message).to.equal(message);
      expect(failure.hint).to.equal('its endpoints are prod/web, prod/db');
    }
  });

  it('refuses several scenarios, and names them', async () => {
    const { message, hint } = await refusal(['.', 'prod/web', 'prod/db', '80']);
    expect(message).to.match(/contains 2 scenarios, but explain takes one$/);
    expect(hint).to.match(/^name one of .*other\/scenario\.yaml, .*shop\/scenario\.yaml$/);
  });

  it('takes a step by its name, and refuses one that is not there', async () => {
    const { text } = await answer(['shop', 'prod/web', 'prod/db', '5432'], { step: 'shop' });
    expect(text).to.contain(': deny');
    const { message } = await refusal(['shop', 'prod/web', 'prod/db', '5432'], { step: 'shopp' });
    expect(message).to.equal('the scenario has no step "shopp"; the nearest valid step is "shop"');
  });

  it('takes one of several steps by its name or its number', async () => {
    const scenario = [
      'namespaces: {prod: {pods: {web: {ports: [80]}, client: {}}}}',
      'policies: []',
      'steps:',
      '',
    ].join('\n');
    const files = {
      'changing/scenario.yaml': `${scenario}  - {name: closed, apply: [deny.yaml]}\n  - {name: '2', delete: [deny.yaml]}\n`,
      'changing/deny.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: prod}\nspec: {podSelector: {}}\n',
    };
    const asked = ['changing', 'prod/client', 'prod/web', '80'] as const;
    const decision = async (step: string) => (await answer(asked, { step }, files)).text.split('\n')[0];
    expect(await decision('closed')).to.equal('prod/client -> prod/web 80/TCP: deny');
    expect(await decision('1')).to.equal('prod/client -> prod/web 80/TCP: allow');
    expect(await decision('2'), 'a name before a number').to.equal('prod/client -> prod/web 80/TCP: allow');
    const { message, hint } = await refusal(asked, {}, files);
    expect(message).to.equal('the scenario has 3 steps');
    expect(hint).to.equal('add --step with one of 1 (start), 2 (closed), 3 (2)');
    const unknown = await refusal(asked, { step: '4' }, files);
    expect(unknown.message).to.equal('the scenario has no step "4"');
    expect(unknown.hint).to.equal('its steps are 1 (start), 2 (closed), 3 (2)');
  });
});
