import { expect } from 'chai';
import { type ExpectedProbe, probeKey, type Step } from '../../../src/scenario/index.ts';
import { load, refusal } from './temporary-folder.ts';

const topology = `namespaces:
  prod:
    pods:
      web: {ports: [80, {name: dns, port: 53, protocol: UDP}]}
      db: {ports: [{name: dns, port: 5353, protocol: UDP}]}
  dev: {pods: {web: {}}}
policies: []
`;

const listed = (step: Step | undefined): readonly ExpectedProbe[] => {
  expect(step?.form).to.equal('rules');
  expect(step?.expected).to.be.an('array');
  return step?.expected as readonly ExpectedProbe[];
};

const allowed = async (yaml: string): Promise<readonly string[]> => {
  const [scenario] = await load({ 'scenario.yaml': topology + yaml });
  const expected = listed(scenario?.steps[0]);
  expect(expected).to.have.length(6);
  return expected.filter(({ expectation }) => expectation === 'allow').map(probeKey);
};

const all = [
  'prod/web > prod/db 5353/UDP',
  'prod/db > prod/web 80/TCP',
  'prod/db > prod/web 53/UDP',
  'dev/web > prod/web 80/TCP',
  'dev/web > prod/web 53/UDP',
  'dev/web > prod/db 5353/UDP',
];

describe('expectations written as rules', () => {
  it('judges every probe but a pod to itself', async () => {
    const [scenario] = await load({ 'scenario.yaml': `${topology}expect: {default: allow}\n` });
    expect(listed(scenario?.steps[0]).map(probeKey)).to.deep.equal(all);
  });

  it('falls back on the default', async () => {
    expect(await allowed('expect: {default: deny, rules: []}\n')).to.deep.equal([]);
    expect(await allowed('expect: {default: allow}\n')).to.deep.equal(all);
  });

  const rules: Readonly<Record<string, readonly [rules: string, ...allowed: readonly (string | undefined)[]]>> = {
    'everything for an empty selector': ['{allow: {}}', ...all],
    'a pod as source': ['{allow: {from: prod/web}}', all[0]],
    'a namespace as source': ['{allow: {from: dev/*}}', all[3], all[4], all[5]],
    'a name in all namespaces': ['{allow: {from: "*/web", port: 80}}', all[3]],
    'all endpoints': ['{allow: {from: "*", to: "*/*", port: 80}}', all[1], all[3]],
    'a list of endpoints': ['{allow: {from: [prod/web, dev/web], to: prod/db}}', all[0], all[5]],
    'a number, which is TCP': ['{allow: {port: 80}}', all[1], all[3]],
    'a number and a protocol': ['{allow: {port: 53/UDP}}', all[2], all[4]],
    'a name with different numbers': ['{allow: {port: dns}}', all[0], all[2], all[4], all[5]],
    'a list of ports': ['{allow: {to: prod/web, port: [80, dns]}}', all[1], all[2], all[3], all[4]],
    'the last rule that matches': [
      '{allow: {}}, {deny: {to: prod/web}}, {allow: {from: dev/web, port: 80}}',
      all[0],
      all[3],
      all[5],
    ],
  };
  for (const [what, [written, ...keys]] of Object.entries(rules))
    it(`matches ${what}`, async () => {
      expect(await allowed(`expect: {default: deny, rules: [${written}]}\n`)).to.deep.equal(keys);
    });

  const wrong: Readonly<Record<string, readonly [rule: string, ...lines: readonly string[]]>> = {
    'an unknown pod': [
      'allow: {from: prod/wbe}',
      '11:21: "prod/wbe" matches no pod; the nearest valid endpoint is "prod/web"',
    ],
    'an unknown pod in a list': [
      'allow: {to: [prod/web, pord/*]}',
      '11:30: "pord/*" matches no pod; the nearest valid endpoint is "prod/*"',
    ],
    'a port that no pod has': [
      'deny: {port: [81, htp]}',
      '11:21: port "81/TCP" matches no port of these destinations; the nearest valid port is "80/TCP"',
      '11:25: port "htp" matches no port of these destinations; the nearest valid port is "dns"',
    ],
    'a port that other pods have': [
      'deny: {to: prod/db, port: 80}',
      '11:33: port "80/TCP" matches no port of these destinations; the nearest valid port is "5353/UDP"',
    ],
    'digits in quotes': [
      "deny: {to: prod/web, port: '80'}",
      '11:34: port "80" matches no port of these destinations; the nearest valid port is "80/TCP"',
    ],
    'a rule about nothing that is judged': [
      'deny: {from: prod/db, to: prod/db}',
      '11:7: this rule matches no probe: a destination needs a port, and a pod to itself is never judged',
    ],
    'a pod without ports': [
      'deny: {to: dev/web}',
      '11:7: this rule matches no probe: a destination needs a port, and a pod to itself is never judged',
    ],
    'a misspelt rule': ['dney: {}', '11:7: unknown key "dney"; the nearest valid key is "deny"'],
    'a rule of two': ['{allow: {}, deny: {}}', '11:7: expected either allow or deny in a rule'],
    'a rule of none': ['{}', '11:7: expected either allow or deny in a rule'],
    'an empty list': ['allow: {to: []}', '11:19: expected at least one endpoint pattern'],
    'a wrong type': ['allow: {to: 5}', '11:19: expected one endpoint pattern or a list of them, got the number 5'],
  };
  for (const [what, [rule, ...lines]] of Object.entries(wrong))
    it(`refuses ${what}`, async () => {
      const yaml = `${topology}expect:\n  default: allow\n  rules:\n    - ${rule}\n`;
      expect((await refusal({ 'scenario.yaml': yaml })).lines).to.deep.equal(lines.map((x) => `scenario.yaml:${x}`));
    });

  const forms: Readonly<Record<string, readonly [expect: string, line: string]>> = {
    'no default': ['{rules: []}', '8:9: missing key "default": allow or deny'],
    'a misspelt default': [
      '{default: alow}',
      '8:19: expected allow or deny, got the string "alow"; the nearest valid word is "allow"',
    ],
    'both forms': ['{default: allow, grid: x}', '8:19: default and grid exclude each other'],
    'a misspelt model': ['modell', '8:9: expected rules, a grid or the word model, got the string "modell"'],
    'no form at all': ['[]', '8:9: expected rules, a grid or the word model, got a list'],
  };
  for (const [what, [written, line]] of Object.entries(forms))
    it(`refuses ${what}`, async () => {
      const { lines } = await refusal({ 'scenario.yaml': `${topology}expect: ${written}\n` });
      expect(lines).to.deep.equal([`scenario.yaml:${line}`]);
    });

  it('refuses to judge nothing', async () => {
    const yaml = 'namespaces: {prod: {pods: {web: {ports: [80]}}}}\npolicies: []\nexpect: {default: allow}\n';
    expect((await refusal({ 'scenario.yaml': yaml })).lines).to.deep.equal([
      'scenario.yaml:3:1: nothing to expect: no pod has another pod with a port to reach',
    ]);
  });
});
