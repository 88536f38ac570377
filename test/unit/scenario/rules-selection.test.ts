import { expect } from 'chai';
import type { ExpectedProbe } from '../../../src/scenario/index.ts';
import { withLimits } from './lower-limits.ts';
import { load, refusal } from './temporary-folder.ts';

/** Pods as a Deployment names them. */
const topology = `namespaces:
  prod:
    pods:
      web-6d5f-abcde: {labels: {app: web, tier: front}, ports: [80]}
      web-6d5f-fghij: {labels: {app: web, tier: front}, ports: [80]}
      db-0: {labels: {app: db}, ports: [80]}
  prod-eu:
    pods:
      web-777-klmno: {labels: {app: web}, ports: [80]}
hosts:
  office: {address: 172.17.5.10, ports: [80]}
services:
  prod/web: {port: 80, selector: {app: web}}
  prod/webmail: {port: 80, selector: {app: web}}
policies: []
`;
const lines = topology.split('\n').length - 1;

const written = (rule: string) => `${topology}expect:\n  default: deny\n  rules:\n    - ${rule}\n`;

/** The destinations, or with `from` the sources, that a rule names. */
const named = async (rule: string, end: 'from' | 'to'): Promise<readonly string[]> => {
  const [scenario] = await load({ 'scenario.yaml': written(rule) });
  const expected = scenario?.steps[0]?.expected as readonly ExpectedProbe[];
  const allowed = expected.filter(({ expectation }) => expectation === 'allow');
  return [...new Set(allowed.map((probe) => probe[end]))].toSorted();
};

const FIRST = 'prod/web-6d5f-abcde';
const SECOND = 'prod/web-6d5f-fghij';
const DB = 'prod/db-0';
const EU = 'prod-eu/web-777-klmno';

describe('a pattern in a rule', () => {
  const patterns: Readonly<Record<string, readonly [pattern: string, ...ends: readonly string[]]>> = {
    'the beginning of a name': ['prod/web-*', FIRST, SECOND],
    'the end of a name': ['prod/*-0', DB],
    'the middle of a name': ['prod/*6d5f*', FIRST, SECOND],
    'both ends of a name': ['prod/web-*-fghij', SECOND],
    'an empty part of a name': ['prod/db-0*', DB],
    'part of a namespace': ['prod-*/web-*', EU],
    'part of a name in all namespaces': ['*/web-*', EU, FIRST, SECOND],
    'namespaces whose name begins alike': ['prod*/web-*', EU, FIRST, SECOND],
    'hosts only by their prefix': ['host:off*', 'host:office'],
    'Services only by theirs': ['svc:prod/web*', 'svc:prod/web', 'svc:prod/webmail'],
    'pods alone, if it has no prefix': ['*/*e*', EU, FIRST, SECOND],
  };
  for (const [what, [pattern, ...ends]] of Object.entries(patterns))
    it(`stands for ${what}`, async () => {
      expect(await named(`allow: {to: '${pattern}'}`, 'to')).to.deep.equal(ends);
    });

  it('stands for sources too, also in a list', async () => {
    expect(await named("allow: {from: ['prod/web-*', host:office]}", 'from')).to.deep.equal([
      'host:office',
      FIRST,
      SECOND,
    ]);
  });

  it('takes no longer for a name that almost matches', async () => {
    const name = 'a'.repeat(62);
    const pods = Array.from({ length: 300 }, (_, at) => `${name.slice(4)}${`${at}`.padStart(4, 'a')}: {ports: [80]}`);
    const head = `namespaces: {p: {pods: {${pods.join(', ')}}}}\npolicies: []\n`;
    const rules = Array.from({ length: 600 }, (_, at) => `{allow: {to: p/${'a'.repeat(at % 50)}*a*a*}}`);
    const startMs = performance.now();
    await load({ 'scenario.yaml': `${head}expect: {default: deny, rules: [${rules.join(', ')}]}\n` });
    expect(performance.now() - startMs).to.be.below(10_000);
  });

  const wrong: Readonly<Record<string, readonly [rule: string, line: string]>> = {
    'without a match': [
      'allow: {to: prod/wbe-*}',
      '19: "prod/wbe-*" matches no endpoint; the nearest valid endpoint is "prod/web-*"',
    ],
    'that would have to cross a slash': [
      'allow: {to: prod*6d5f-abcde}',
      `19: "prod*6d5f-abcde" matches no endpoint; the nearest valid endpoint is "${FIRST}"`,
    ],
    'with too many wildcards': ['allow: {to: prod/*a*b*c*}', '19: a pattern has at most 3 "*" in a name, not 4'],
    'that is too long': [`allow: {to: prod/${'a'.repeat(500)}*}`, '19: a pattern has at most 500 characters, not 506'],
  };
  for (const [what, [rule, line]] of Object.entries(wrong))
    it(`is refused ${what}`, async () => {
      expect((await refusal({ 'scenario.yaml': written(rule) })).lines).to.deep.equal([
        `scenario.yaml:${lines + 4}:${line}`,
      ]);
    });
});

describe('labels in a rule', () => {
  const selectors: Readonly<Record<string, readonly [selector: string, ...ends: readonly string[]]>> = {
    'pods of a namespace': ['{namespace: prod, labels: {app: web}}', FIRST, SECOND],
    'pods of every namespace': ['{labels: {app: web}}', EU, FIRST, SECOND],
    'pods with all of them': ['{labels: {app: web, tier: front}}', FIRST, SECOND],
    'pods of namespaces by a pattern': ["{namespace: 'prod-*', labels: {app: web}}", EU],
    'pods beside those with a name': ['[{namespace: prod, labels: {app: db}}, prod-eu/*]', EU, DB],
  };
  for (const [what, [selector, ...ends]] of Object.entries(selectors))
    it(`stand for ${what}`, async () => {
      expect(await named(`allow: {to: ${selector}}`, 'to')).to.deep.equal(ends);
      const sources = await named(`allow: {from: ${selector}}`, 'from');
      expect(sources).to.deep.equal(ends);
    });

  const wrong: Readonly<Record<string, readonly [selector: string, ...lines: readonly string[]]>> = {
    'without a pod that has one': [
      '{namespace: prod, labels: {app: wbe}}',
      '51: no pod of namespace "prod" has the label "app=wbe"; the nearest valid label is "app=web"',
    ],
    'that no pod has together': ['{labels: {app: db, tier: front}}', '28: no pod has all of these labels'],
    'of a namespace that has none': [
      '{namespace: prod-eu, labels: {tier: front}}',
      '55: no pod of namespace "prod-eu" has the label "tier=front"; the nearest valid label is "app=web"',
    ],
    'in a namespace without pods': [
      '{namespace: pord, labels: {app: web}}',
      '31: "pord" matches no namespace with a pod; the nearest valid namespace is "prod"',
    ],
    'with a misspelt key': [
      '{namespaces: prod, labels: {app: web}}',
      '20: unknown key "namespaces"; the nearest valid key is "namespace"',
    ],
    'that are none': ['{labels: {}}', '28: expected at least one label'],
    'that are left out': ['{namespace: prod}', '19: missing key "labels"'],
    'with a wrong value': ['{labels: {app: 5}}', '34: expected a string, got the number 5: quote it'],
    'in a list with something else': [
      '[prod/*, 5]',
      '28: expected an endpoint pattern or {namespace, labels}, got the number 5',
    ],
  };
  for (const [what, [selector, ...told]] of Object.entries(wrong))
    it(`are refused ${what}`, async () => {
      expect((await refusal({ 'scenario.yaml': written(`allow: {to: ${selector}}`) })).lines).to.deep.equal(
        told.map((line) => `scenario.yaml:${lines + 4}:${line}`),
      );
    });
});

describe('patterns and labels of all rules', () => {
  it('are limited together', async () => {
    const rules = Array.from({ length: 4 }, () => "{allow: {from: 'prod/web-*', to: {labels: {app: web}}}}");
    const text = `${topology}expect: {default: deny, rules: [${rules.join(', ')}]}\n`;
    const refused = await withLimits({ rulePatterns: 7 }, () => refusal({ 'scenario.yaml': text }));
    expect(refused.lines).to.deep.equal([
      `scenario.yaml:${lines + 1}:32: 8 patterns and labels: at most 7 in a scenario`,
    ]);
  });

  it('leave out whole names, which cost nothing', async () => {
    const rules = Array.from({ length: 9 }, () => "{allow: {from: '*/db-0', to: 'prod/*'}}");
    const text = `${topology}expect: {default: deny, rules: [${rules.join(', ')}]}\n`;
    await withLimits({ rulePatterns: 7 }, () => load({ 'scenario.yaml': text }));
  });
});
