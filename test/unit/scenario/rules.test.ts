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

const allowed = async (yaml: string, of = topology, cells = 6): Promise<readonly string[]> => {
  const [scenario] = await load({ 'scenario.yaml': of + yaml });
  const expected = listed(scenario?.steps[0]);
  expect(expected).to.have.length(cells);
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
      '11:21: "prod/wbe" matches no endpoint; the nearest valid endpoint is "prod/web"',
    ],
    'an unknown pod in a list': [
      'allow: {to: [prod/web, pord/*]}',
      '11:30: "pord/*" matches no endpoint; the nearest valid endpoint is "prod/*"',
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
    'a rule of two': ['{allow: {}, deny: {}}', '11:7: expected one of allow, deny, drop and reject in a rule'],
    'a rule of none': ['{}', '11:7: expected one of allow, deny, drop and reject in a rule'],
    'an empty list': ['allow: {to: []}', '11:19: expected at least one endpoint pattern'],
    'a wrong type': ['allow: {to: 5}', '11:19: expected one endpoint pattern or a list of them, got the number 5'],
  };
  for (const [what, [rule, ...lines]] of Object.entries(wrong))
    it(`refuses ${what}`, async () => {
      const yaml = `${topology}expect:\n  default: allow\n  rules:\n    - ${rule}\n`;
      expect((await refusal({ 'scenario.yaml': yaml })).lines).to.deep.equal(lines.map((x) => `scenario.yaml:${x}`));
    });

  const forms: Readonly<Record<string, readonly [expect: string, line: string]>> = {
    'no default': ['{rules: []}', '8:9: missing key "default": allow, deny, drop or reject'],
    'a misspelt default': [
      '{default: alow}',
      '8:19: expected allow or deny or drop or reject, got the string "alow"; the nearest valid word is "allow"',
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
      'scenario.yaml:3:1: nothing to expect: there is no port of another pod to reach',
    ]);
  });
});

describe('rules about hosts outside the cluster', () => {
  const withHosts = `namespaces:
  prod:
    pods:
      web: {ports: [80]}
      client: {}
hosts:
  office: {address: 172.17.5.10, ports: [80]}
  lab: {address: 172.17.6.10, ports: [53/UDP]}
policies: []
`;
  const cells = [
    'prod/web > host:office 80/TCP',
    'prod/web > host:lab 53/UDP',
    'prod/client > prod/web 80/TCP',
    'prod/client > host:office 80/TCP',
    'prod/client > host:lab 53/UDP',
    'host:office > prod/web 80/TCP',
    'host:lab > prod/web 80/TCP',
  ];

  it('judge what goes to and from hosts, and never from host to host', async () => {
    expect(await allowed('expect: {default: allow}\n', withHosts, 7)).to.deep.equal(cells);
  });

  const rules: Readonly<Record<string, readonly [rules: string, ...allowed: readonly (string | undefined)[]]>> = {
    'a host as source': ['{allow: {from: host:office}}', cells[5]],
    'a host as destination': ['{allow: {to: host:office}}', cells[0], cells[3]],
    'every host as source': ['{allow: {from: "host:*"}}', cells[5], cells[6]],
    'every host as destination': ['{allow: {to: "host:*"}}', cells[0], cells[1], cells[3], cells[4]],
    'every host on one port': ['{allow: {to: "host:*", port: 53/UDP}}', cells[1], cells[4]],
    'pods and hosts for a lone star': ['{allow: {from: "*", to: "*"}}', ...cells],
    'pods alone for two stars': ['{allow: {from: "*/*", to: "*/*"}}', cells[2]],
    'pods alone for a namespace': ['{allow: {from: prod/*, to: prod/*}}', cells[2]],
    'a pod and a host in a list': ['{allow: {from: [prod/client, host:lab], to: prod/web}}', cells[2], cells[6]],
    'the last rule that matches': ['{allow: {from: "host:*"}}, {deny: {from: host:lab}}', cells[5]],
  };
  for (const [what, [written, ...keys]] of Object.entries(rules))
    it(`match ${what}`, async () => {
      expect(await allowed(`expect: {default: deny, rules: [${written}]}\n`, withHosts, 7)).to.deep.equal(keys);
    });

  const noProbe = '13:7: this rule matches no probe: a destination needs a port, and a pod to itself is never judged';
  const wrong: Readonly<Record<string, readonly [rule: string, line: string]>> = {
    'a misspelt host': [
      'allow: {from: host:offcie}',
      '13:21: "host:offcie" matches no endpoint; the nearest valid endpoint is "host:office"',
    ],
    'a host without its prefix': [
      'allow: {to: [prod/web, office]}',
      '13:30: "office" matches no endpoint; the nearest valid endpoint is "host:office"',
    ],
    'a misspelt pattern': [
      'allow: {from: "hosts:*"}',
      '13:21: "hosts:*" matches no endpoint; the nearest valid endpoint is "host:*"',
    ],
    'a host as if it were a namespace': [
      'allow: {from: host/*}',
      '13:21: "host/*" matches no endpoint; the nearest valid endpoint is "host:*"',
    ],
    'one host to another': ['allow: {from: host:lab, to: host:office}', noProbe],
    'hosts to hosts': ['deny: {from: "host:*", to: "host:*"}', noProbe],
    'a port that the host lacks': [
      'allow: {to: host:lab, port: 80}',
      '13:35: port "80/TCP" matches no port of these destinations; the nearest valid port is "53/UDP"',
    ],
  };
  for (const [what, [rule, line]] of Object.entries(wrong))
    it(`refuse ${what}`, async () => {
      const yaml = `${withHosts}expect:\n  default: allow\n  rules:\n    - ${rule}\n`;
      expect((await refusal({ 'scenario.yaml': yaml })).lines).to.deep.equal([`scenario.yaml:${line}`]);
    });

  it('know no pattern for hosts if there are none', async () => {
    const yaml = `${topology}expect: {default: allow, rules: [{deny: {from: "host:*"}}]}\n`;
    expect((await refusal({ 'scenario.yaml': yaml })).lines).to.have.length(1);
  });

  it('suffice for a pod that has nobody else', async () => {
    const lonely =
      'namespaces: {prod: {pods: {web: {}}}}\nhosts: {a: {address: 172.17.0.9, ports: [80]}}\npolicies: []\n';
    expect(await allowed('expect: {default: allow}\n', lonely, 1)).to.deep.equal(['prod/web > host:a 80/TCP']);
  });
});
