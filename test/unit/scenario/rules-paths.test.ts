import { expect } from 'chai';
import { type ExpectedProbe, probeKey } from '../../../src/scenario/index.ts';
import { PATHS } from './paths-fixture.ts';
import { load, refusal } from './temporary-folder.ts';

/** What is expected, by what: `prod/web > …: drop`. */
const expectedBy = async (expect_: string, yaml = PATHS): Promise<readonly string[]> => {
  const [scenario] = await load({ 'scenario.yaml': `${yaml}expect: ${expect_}\n` });
  const expected = scenario?.steps[0]?.expected as readonly ExpectedProbe[];
  return expected.map((one) => `${probeKey(one)}: ${one.expectation}`);
};

/** Those that a rule allows, where all else is denied. */
const allowed = async (rule: string): Promise<readonly string[]> =>
  (await expectedBy(`{default: deny, rules: [{allow: ${rule}}]}`)).flatMap((line) =>
    line.endsWith(': allow') ? line.replace(/ \d+\/\w+: allow$/, '') : [],
  );

describe('rules about Services, nodes and the kubelet', () => {
  const rules: Readonly<Record<string, readonly [selector: string, ...cells: readonly string[]]>> = {
    'a Service by its address': [
      '{to: svc:prod/web}',
      'prod/web > svc:prod/web',
      'prod/agent > svc:prod/web',
      'node:own > svc:prod/web',
    ],
    'every Service by its address': ['{from: prod/web, to: "svc:*"}', 'prod/web > svc:prod/web'],
    'the Services of a namespace by their names': ['{from: prod/agent, to: dns:prod/*}', 'prod/agent > dns:prod/web'],
    'the Services of a name in any namespace': ['{from: prod/agent, to: "dns:*/web"}', 'prod/agent > dns:prod/web'],
    'every Service by its name, in two words': ['{from: prod/agent, to: "dns:*/*"}', 'prod/agent > dns:prod/web'],
    'every port of the nodes': [
      '{to: "nodeport:*"}',
      'prod/web > nodeport:prod/web',
      'prod/agent > nodeport:prod/web',
      'host:office > nodeport:prod/web',
    ],
    'a node as source': ['{from: node:own}', 'node:own > prod/web', 'node:own > prod/agent', 'node:own > svc:prod/web'],
    'every node as destination': ['{to: "node:*"}', 'prod/web > node:own', 'prod/agent > node:own'],
    'the kubelet': ['{from: kubelet}', 'kubelet > prod/web'],
    'pods and no Service for a namespace': [
      '{from: "*", to: prod/*}',
      'prod/web > prod/agent',
      'prod/agent > prod/web',
      'node:own > prod/web',
      'node:own > prod/agent',
      'host:office > prod/web',
      'kubelet > prod/web',
    ],
    'pods as sources for a namespace, and every way from them': [
      '{from: prod/web}',
      'prod/web > prod/agent',
      'prod/web > node:own',
      'prod/web > host:office',
      'prod/web > svc:prod/web',
      'prod/web > dns:prod/web',
      'prod/web > nodeport:prod/web',
    ],
    'the port of a Service, and not that of its backends': [
      '{from: prod/web, to: ["svc:*", "dns:*"], port: 80}',
      'prod/web > svc:prod/web',
      'prod/web > dns:prod/web',
    ],
  };
  for (const [what, [selector, ...cells]] of Object.entries(rules))
    it(`match ${what}`, async () => expect(await allowed(selector)).to.deep.equal(cells));

  const matchNothing =
    '13:7: this rule matches no probe: a destination needs a port, and a pod to itself is never judged';
  const wrong: Readonly<Record<string, readonly [rule: string, line: string]>> = {
    'a Service as a source': [
      'allow: {from: svc:prod/web}',
      '13:21: "svc:prod/web" matches no endpoint; the nearest valid endpoint is "prod/web"',
    ],
    'the kubelet as a destination': ['allow: {to: kubelet}', '13:19: "kubelet" matches no endpoint'],
    'a misspelt Service': [
      'allow: {to: svc:prod/wbe}',
      '13:19: "svc:prod/wbe" matches no endpoint; the nearest valid endpoint is "svc:prod/web"',
    ],
    'a way that the Service has not': [
      'allow: {to: "dsn:*"}',
      '13:19: "dsn:*" matches no endpoint; the nearest valid endpoint is "dns:*"',
    ],
    'the port of a backend': [
      'allow: {to: svc:prod/web, port: 8080}',
      '13:39: port "8080/TCP" matches no port of these destinations; the nearest valid port is "80/TCP"',
    ],
    'a host to a Service by its address': ['allow: {from: host:office, to: svc:prod/web}', matchNothing],
    'a host to a node': ['allow: {from: "host:*", to: "node:*"}', matchNothing],
    'a node to a name': ['allow: {from: "node:*", to: "dns:*"}', matchNothing],
    'the kubelet to what it does not ask': ['allow: {from: kubelet, to: prod/agent}', matchNothing],
  };
  for (const [what, [rule, line]] of Object.entries(wrong))
    it(`refuse ${what}`, async () => {
      const yaml = `${PATHS}expect:\n  default: deny\n  rules:\n    - ${rule}\n`;
      const [told, ...more] = (await refusal({ 'scenario.yaml': yaml })).lines;
      expect(more).to.deep.equal([]);
      expect(told).to.match(new RegExp(`^${RegExp.escape(`scenario.yaml:${line}`)}`));
    });
});

describe('rules that distinguish no answer from a refusal', () => {
  const pods = 'namespaces: {p: {pods: {a: {ports: [80]}, b: {ports: [80]}}}}\npolicies: []\n';

  it('expect the one or the other, by default and by rule', async () => {
    expect(await expectedBy('{default: drop, rules: [{reject: {to: p/b}}]}', pods)).to.deep.equal([
      'p/a > p/b 80/TCP: reject',
      'p/b > p/a 80/TCP: drop',
    ]);
    expect(await expectedBy('{default: reject, rules: [{drop: {to: p/b}}, {allow: {to: p/a}}]}', pods)).to.deep.equal([
      'p/a > p/b 80/TCP: drop',
      'p/b > p/a 80/TCP: allow',
    ]);
  });
});

describe('rules that name a family', () => {
  const pods = 'namespaces: {p: {pods: {a: {ports: [80]}, b: {}}}}\npolicies: []\n';

  it('expect each family by itself, once one is named', async () => {
    expect(await expectedBy('{default: allow, rules: [{deny: {family: IPv6}}]}', pods)).to.deep.equal([
      'p/b > p/a 80/TCP IPv4: allow',
      'p/b > p/a 80/TCP IPv6: deny',
    ]);
    expect(await expectedBy('{default: allow, rules: [{deny: {}}]}', pods)).to.deep.equal(['p/b > p/a 80/TCP: deny']);
  });

  it('mean both if none is named, and the last that matches decides', async () => {
    const rules = '[{deny: {family: IPv4}}, {allow: {}}, {drop: {family: IPv6}}]';
    expect(await expectedBy(`{default: deny, rules: ${rules}}`, pods)).to.deep.equal([
      'p/b > p/a 80/TCP IPv4: allow',
      'p/b > p/a 80/TCP IPv6: drop',
    ]);
  });

  it('refuse another family', async () => {
    const yaml = `${pods}expect: {default: allow, rules: [{deny: {family: ipv6}}]}\n`;
    expect((await refusal({ 'scenario.yaml': yaml })).lines).to.deep.equal([
      'scenario.yaml:3:50: invalid family "ipv6": IPv4 or IPv6',
    ]);
  });
});
