import { expect } from 'chai';
import { load, policy, refusal } from './temporary-folder.ts';

const scenario = 'namespaces: {prod: {}, dev: {}}\n';

describe('the policies of a scenario', () => {
  it('keeps the manifest as it is parsed, with file and line', async () => {
    const yaml = `# a comment
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a.b, namespace: prod, annotations: {x: "1", "y": "on"}, labels: ~}
spec:
  podSelector:
  ingress: [{}]
  egress: []
  policyTypes: [Ingress]
---
---
${policy('second')}`;
    const [loaded] = await load({ 'scenario.yaml': `${scenario}policyNamespace: dev\n`, 'policies/p.yaml': yaml });
    const policies = loaded?.steps[0]?.policies.map(({ spec: _, findText: __, ...found }) => ({
      ...found,
      file: found.file.split('/').at(-1),
    }));
    expect(policies).to.deep.equal([
      {
        name: 'a.b',
        namespace: 'prod',
        manifest: {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: 'a.b', namespace: 'prod', annotations: { x: '1', y: 'on' }, labels: null },
          spec: { podSelector: null, ingress: [{}], egress: [], policyTypes: ['Ingress'] },
        },
        file: 'p.yaml',
        line: 3,
      },
      {
        name: 'second',
        namespace: 'dev',
        manifest: {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: 'second' },
          spec: { podSelector: {} },
        },
        file: 'p.yaml',
        line: 13,
      },
    ]);
  });

  it('reads what a policy means, and where each part of it is written', async () => {
    const yaml = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p}
spec:
  podSelector: {}
  ingress:
    - ports:
        - port: 80
`;
    const [loaded] = await load({ 'scenario.yaml': `${scenario}policyNamespace: dev\n`, 'policies/p.yaml': yaml });
    const { spec } = loaded?.steps[0]?.policies[0] ?? {};
    expect(spec).to.deep.include({ name: 'p', namespace: 'dev', egress: null });
    expect(spec?.ingress?.[0]?.ports).to.deep.equal([
      { protocol: 'TCP', first: 80, last: 80, path: ['spec', 'ingress', 0, 'ports', 0] },
    ]);
    const place = spec?.placeOf?.(['spec', 'ingress', 0, 'ports', 0, 'port']);
    expect({ ...place, file: place?.file.split('/').at(-1) }).to.deep.equal({ file: 'p.yaml', line: 8, column: 17 });
    expect(spec?.placeOf?.([])).to.include({ line: 1, column: 1 });
  });

  it('keeps the text of a policy, and nothing of what stands around it', async () => {
    const yaml = `apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {key: hidden}
---
# why
${policy('p').trimEnd()} # how
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Secret, metadata: {name: t}, stringData: {key: hidden}}
  - apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: q}
    spec: {podSelector: {}}
`;
    const [loaded] = await load({ 'scenario.yaml': `${scenario}policyNamespace: dev\n`, 'policies/p.yaml': yaml });
    expect(loaded?.steps[0]?.policies.map(({ line, findText }) => [line, findText?.()])).to.deep.equal([
      [7, `${policy('p').trimEnd()} # how`],
      [
        16,
        `    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: q}
    spec: {podSelector: {}}`,
      ],
    ]);
  });

  it('puts a policy without a namespace into default, and adds that namespace only then', async () => {
    const namespaces = async (yaml: string) =>
      (await load({ 'scenario.yaml': scenario, 'policies/p.yaml': yaml }))[0]?.steps[0].topology.namespaces.at(-1);
    expect(await namespaces(policy('p'))).to.deep.equal({ name: 'default', labels: {}, pods: [] });
    expect(await namespaces(policy('p', '""'))).to.deep.equal({ name: 'default', labels: {}, pods: [] });
    expect((await namespaces(policy('p', 'prod')))?.name).to.equal('dev');
  });

  it('leaves a namespace default alone that is there', async () => {
    const files = { 'scenario.yaml': 'namespaces: {default: {labels: {a: b}}}\n', 'policies/p.yaml': policy('p') };
    expect((await load(files))[0]?.steps[0].topology.namespaces).to.deep.equal([
      { name: 'default', labels: { a: 'b' }, pods: [] },
    ]);
  });

  it('takes patterns, each file once and in the order of the patterns, then of the paths', async () => {
    const files = {
      'a/scenario.yaml': `${scenario}policies: [z.yaml, '*.yaml.txt', '../shared/**/*.yaml', z.yaml]\n`,
      'a/z.yaml': policy('z', 'prod'),
      'a/2.yaml.txt': policy('two', 'prod'),
      'a/1.yaml.txt': policy('one', 'prod'),
      'shared/deep/s.yaml': policy('s', 'prod'),
    };
    const names = (await load(files, 'a'))[0]?.steps[0]?.policies.map(({ name }) => name);
    expect(names).to.deep.equal(['z', 'one', 'two', 's']);
  });

  it('refuses a pattern without a file, and says how to have none', async () => {
    const { lines, hint } = await refusal({ 'scenario.yaml': `${scenario}policies:\n  - x/*.yaml\n` });
    expect(lines).to.deep.equal(['scenario.yaml:3:5: no file matches "x/*.yaml"']);
    expect(hint).to.equal('A scenario without policies says so with `policies: []`.');
    expect((await refusal({ 'scenario.yaml': scenario })).hint).to.equal(hint);
  });

  it('reports both places of two different policies of one name', async () => {
    const other = policy('p').replace('podSelector: {}', 'podSelector: {}, policyTypes: [Egress]');
    const files = { 'policies/a.yaml': policy('p', 'default'), 'policies/b.yaml': `---\n${other}` };
    const { lines, hint } = await refusal({ ...files, 'scenario.yaml': 'namespaces: {default: {}}\n' });
    expect(lines).to.deep.equal([
      'policies/b.yaml:4:18: duplicate policy default/p, with a different spec than at policies/a.yaml:1',
    ]);
    expect(hint).to.contain('the later one wins');
  });

  it('refuses a policyNamespace that the scenario lacks, and takes default', async () => {
    const files = { 'policies/a.yaml': policy('p') };
    const told = await refusal({ ...files, 'scenario.yaml': `${scenario}policyNamespace: prd\n` });
    expect(told.lines).to.deep.equal([
      'scenario.yaml:2:18: the scenario has no namespace "prd"; the nearest valid namespace is "prod"',
    ]);
    const [loaded] = await load({ ...files, 'scenario.yaml': `${scenario}policyNamespace: default\n` });
    expect(loaded?.steps[0]?.policies[0]?.namespace).to.equal('default');
  });

  const wrong: Readonly<Record<string, readonly [yaml: string, ...lines: readonly string[]]>> = {
    'a missing or bad name': [
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {generateName: a}\n---\n' +
        'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a_b}\n',
      '3:11: the policy has no name',
      '7:18: invalid name "a_b"',
    ],
    'an unknown namespace': [
      policy('a', 'default'),
      '3:32: the scenario has no namespace "default"; the nearest valid namespace is "dev"',
    ],
    'a namespace that can not be, once': [policy('a', 'Prod'), '3:32: invalid namespace "Prod"'],
    'an unknown namespace beside what the API server would refuse': [
      policy('a', 'prd').replace('podSelector', 'podSelektor'),
      '3:32: the scenario has no namespace "prd"; the nearest valid namespace is "prod"',
      '4:8: unknown key "podSelektor"; the nearest valid key is "podSelector"',
    ],
    'what the API server would refuse, all at once': [
      policy('a', 'prod').replace('{}', '{}, ingress: [{ports: [{port: 0}, {port: 81, endPort: 80}]}]'),
      "4:51: invalid port 0: 1 to 65535, or a port's name",
      '4:75: endPort 80 is below port 81',
    ],
    'a number that JSON lacks': [`${policy('a', 'prod')}x: .inf\n`, '5:4: expected a finite number'],
    'a list': ['- a\n', '1:1: not a Kubernetes object: it has no apiVersion and no kind'],
    tabs: ['apiVersion:\n\tx: 1\n', '2:1: a tab indents this line: YAML allows only spaces'],
  };
  for (const [what, [yaml, ...lines]] of Object.entries(wrong))
    it(`refuses ${what}`, async () => {
      const told = await refusal({ 'scenario.yaml': scenario, 'policies/p.yaml': yaml });
      // How the model's reader goes on is its own to say.
      const begun = told.lines.map((line, at) => line.slice(0, `policies/p.yaml:${lines[at]}`.length));
      expect(begun).to.deep.equal(lines.map((line) => `policies/p.yaml:${line}`));
    });
});
