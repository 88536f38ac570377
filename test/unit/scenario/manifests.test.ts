import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadScenarios, type Note } from '../../../src/scenario/index.ts';
import { type Files, load, policy, refusal, withFiles } from './temporary-folder.ts';

const scenario = 'namespaces: {prod: {}}\npolicyNamespace: prod\n';
const withPolicies = (patterns: string): string => `${scenario}policies: ${patterns}\n`;

const names = async (files: Files): Promise<readonly string[]> =>
  (await load(files))[0]?.steps[0]?.policies.map(({ name }) => name) ?? [];

/** The notes, with paths relative to the folder of the scenario. */
const notesOf = async (files: Files): Promise<readonly Note[]> =>
  ((await load({ 'scenario.yaml': scenario, ...files }))[0]?.notes ?? []).map((note) => ({
    ...note,
    file: note.file.replace(/^.*podreach-scenario-[^/]*\//, ''),
  }));

const json = (name: string): string =>
  JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name }, spec: {} });

const folder: Files = {
  'policies/a.yaml': policy('a'),
  'policies/b.yml': policy('b'),
  'policies/c.json': json('c'),
  'policies/deep/er/d.yaml': policy('d'),
  'policies/.hidden/e.yaml': policy('e'),
  'policies/.f.yaml': policy('f'),
  'policies/README.md': '# not: [yaml',
  'policies/chart.tgz': new Uint8Array([0, 1, 2]),
  'policies/UPPER.YAML': 'x',
};

describe('the files of policies', () => {
  for (const [what, written] of Object.entries({
    'without a pattern': scenario,
    'by policies/**': withPolicies('[policies/**]'),
    'by the name of the folder': withPolicies('[policies]'),
    'by the name of the folder with a slash': withPolicies('[./policies/]'),
  }))
    it(`are, ${what}, those that kubectl apply -R reads`, async () => {
      expect((await names({ ...folder, 'scenario.yaml': written })).toSorted()).to.deep.equal([...'abcdef']);
    });

  it('are, by a pattern that names no extension, manifests only', async () => {
    expect(await names({ ...folder, 'scenario.yaml': withPolicies('["policies/*"]') })).to.deep.equal(['a', 'b', 'c']);
  });

  it('are, by a pattern that names one, what it matches', async () => {
    const files = { 'scenario.yaml': withPolicies('["x/*.yaml.txt"]'), 'x/p.yaml.txt': policy('p'), 'x/p.yaml': 'x' };
    expect(await names(files)).to.deep.equal(['p']);
  });

  it('are not those behind a link to a folder, as for kubectl', () =>
    withFiles({ ...folder, 'scenario.yaml': scenario, 'other/o.yaml': policy('o') }, async (base) => {
      await symlink('../other', join(base, 'policies/link'));
      await symlink('../other/o.yaml', join(base, 'policies/l.yaml'));
      const [loaded] = await loadScenarios([base]);
      expect(loaded?.steps[0]?.policies.filter(({ name }) => name === 'o')).to.have.length(1);
    }));

  it('are refused if there is none that kubectl would read', async () => {
    const { lines, hint } = await refusal({ 'scenario.yaml': scenario, 'policies/README.md': 'x' });
    expect(lines).to.deep.equal(['scenario.yaml:1:1: no manifest (.yaml, .yml or .json) matches "policies/**"']);
    expect(hint).to.equal('A scenario without policies says so with `policies: []`.');
  });

  it('are refused if a folder cannot be read, which may hold some', () =>
    withFiles({ ...folder, 'scenario.yaml': scenario }, async (base) => {
      const deep = join(base, 'policies/deep');
      await chmod(base, 0o755);
      await chmod(deep, 0);
      const failure = await asNobody(() => loadScenarios([base]).catch((error) => error));
      await chmod(deep, 0o755);
      expect(String(failure)).to.contain('policies/deep: permission denied');
    }));

  it('report the keys that JSON has twice, of which the last one counts', async () => {
    const twice = json('p').replace('"spec":{}', '"spec":{},\n\t"spec":{"podSelector":{}}');
    const [loaded] = await load({ 'scenario.yaml': scenario, 'policies/p.json': twice });
    expect(loaded?.notes?.map(({ kind, line, column }) => [kind, line, column])).to.deep.equal([
      ['repeated-key', 2, 2],
    ]);
    expect(loaded?.steps[0]?.policies[0]?.manifest.spec).to.deep.equal({ podSelector: {} });
  });

  // https://github.com/kubernetes/kubernetes/issues/100213: kubectl applies it, and sends the last of both.
  it('keep the last of two equal keys, as kubectl does, and report what is wrong at its place', async () => {
    const blocks = (last: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p}
spec:
  podSelector: {}
  ingress:
    - from:
        - ipBlock:
            cidr: 10.0.0.0/8
            cidr: ${last}
`;
    const [loaded] = await load({ 'scenario.yaml': scenario, 'policies/p.yaml': blocks('172.16.0.0/12') });
    const [step] = loaded?.steps ?? [];
    expect(step?.policies[0]?.manifest).to.have.nested.property(
      'spec.ingress[0].from[0].ipBlock.cidr',
      '172.16.0.0/12',
    );
    expect(loaded?.notes).to.have.length(1);
    expect(loaded?.notes?.[0]).to.include({ kind: 'repeated-key', key: 'cidr', line: 10, column: 13 });
    const { lines } = await refusal({ 'scenario.yaml': scenario, 'policies/p.yaml': blocks('everything') });
    expect(lines).to.have.length(1);
    expect(lines[0]).to.match(/^policies\/p\.yaml:10:19: /);
  });

  it('may be JSON that tabs indent', async () => {
    const tabs = JSON.stringify(JSON.parse(json('p')), null, '\t');
    expect(await names({ 'scenario.yaml': scenario, 'policies/p.json': `${tabs}\n` })).to.deep.equal(['p']);
  });
});

const indented = (text: string): string => text.trimEnd().replaceAll('\n', '\n  ');

describe('lists of objects', () => {
  it('are read, each policy at its own place', async () => {
    const list = `apiVersion: v1\nkind: List\nmetadata: {resourceVersion: ""}\nitems:\n- ${indented(policy('a'))}\n- ${indented(policy('b'))}\n`;
    const [loaded] = await load({ 'scenario.yaml': scenario, 'policies/p.yaml': list });
    expect(loaded?.steps[0]?.policies.map(({ name, line }) => [name, line])).to.deep.equal([
      ['a', 5],
      ['b', 9],
    ]);
    expect(loaded?.steps[0]?.policies[1]?.spec.placeOf?.(['spec', 'podSelector'])).to.include({ line: 12, column: 23 });
  });

  it('give their items the kind that these lack, and may hold lists', async () => {
    const bare = (name: string): object => ({ metadata: { name }, spec: {} });
    const inner = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicyList', items: [bare('a'), bare('b')] };
    const outer = { apiVersion: 'v1', kind: 'List', items: [inner, JSON.parse(json('c')), { ...inner, items: null }] };
    const [loaded] = await load({ 'scenario.yaml': scenario, 'policies/p.json': JSON.stringify(outer) });
    expect(loaded?.steps[0]?.policies.map(({ name }) => name)).to.deep.equal(['a', 'b', 'c']);
    expect(loaded?.steps[0]?.policies[0]?.manifest).to.deep.equal({
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
      ...bare('a'),
    });
  });

  it('report what is wrong with an item at its place', async () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${indented(policy('a').replace('podSelector', 'podSelectors'))}\n- x\n-\n`;
    const { lines } = await refusal({ 'scenario.yaml': scenario, 'policies/p.yaml': list });
    expect(lines).to.deep.equal([
      'policies/p.yaml:7:10: unknown key "podSelectors"; the nearest valid key is "podSelector"',
      'policies/p.yaml:8:3: expected a mapping, got the string "x"',
      'policies/p.yaml:9:2: expected a mapping, got nothing',
    ]);
  });

  it('have items in a list', async () => {
    const yaml = 'apiVersion: v1\nkind: List\nitems: {a: b}\n';
    expect((await refusal({ 'scenario.yaml': scenario, 'policies/p.yaml': yaml })).lines).to.deep.equal([
      'policies/p.yaml:3:8: the items of a List are not a list',
    ]);
  });
});

describe('objects that are no NetworkPolicy', () => {
  const object = (apiVersion: string, kind: string, more = 'metadata: {name: x}'): string =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\n${more}\n`;

  it('are counted by kind, once a file, and stop nothing', async () => {
    const yaml = [object('apps/v1', 'Deployment'), policy('p'), object('v1', 'Service'), object('v1', 'Service')];
    expect(await notesOf({ 'policies/p.yaml': yaml.join('---\n') })).to.deep.equal([
      {
        ...{ kind: 'not-read', file: 'policies/p.yaml', line: 1, column: 1 },
        objects: [
          { kind: 'Deployment', count: 1 },
          { kind: 'Service', count: 2 },
        ],
      },
    ]);
  });

  it('may repeat keys and have tags, which kubectl takes', async () => {
    const wild = 'metadata: {name: x, name: y}\ndata: !!str x\nmore: !own [a]';
    const yaml = `${policy('p')}---\n${object('v1', 'ConfigMap', wild)}`;
    expect((await notesOf({ 'policies/p.yaml': yaml })).map(({ kind }) => kind)).to.deep.equal(['not-read']);
  });

  it('may be a kustomization, which is known by its name', async () => {
    for (const name of ['kustomization.yaml', 'kustomization.yml'])
      expect(
        await notesOf({ 'policies/p.yaml': policy('p'), [`policies/${name}`]: 'resources: [p.yaml]\n' }),
      ).to.deep.equal([
        {
          ...{ kind: 'not-read', file: `policies/${name}`, line: 1, column: 1 },
          objects: [{ kind: 'Kustomization', count: 1 }],
        },
      ]);
  });

  it('are noted one by one if they are policies of another kind', async () => {
    const yaml = `${object('projectcalico.org/v3', 'NetworkPolicy', 'metadata: {name: a, namespace: b}')}---\n${object('x.io/v1', 'BigNetworkPolicy', 'spec: {}')}`;
    expect(await notesOf({ 'policies/p.yaml': yaml })).to.deep.equal([
      {
        ...{ kind: 'not-judged', file: 'policies/p.yaml', line: 1, column: 1 },
        ...{ apiVersion: 'projectcalico.org/v3', objectKind: 'NetworkPolicy', name: 'b/a', vendor: 'Calico' },
      },
      {
        ...{ kind: 'not-judged', file: 'policies/p.yaml', line: 5, column: 1 },
        ...{ apiVersion: 'x.io/v1', objectKind: 'BigNetworkPolicy', name: '', vendor: null },
      },
    ]);
  });

  it('may be none at all, which is noted', async () => {
    expect(await notesOf({ 'policies/p.yaml': '# later\n---\n' })).to.deep.equal([
      { kind: 'not-read', file: 'policies/p.yaml', line: 1, column: 1, objects: [] },
    ]);
  });

  const refused: Readonly<Record<string, readonly [yaml: string, ...lines: readonly string[]]>> = {
    'the NetworkPolicy of old': [
      object('extensions/v1beta1', 'NetworkPolicy'),
      '1:13: extensions/v1beta1 NetworkPolicy was removed in Kubernetes 1.16: write apiVersion "networking.k8s.io/v1"',
    ],
    'a misspelt version': [
      object('networking.k8s.io/v2', 'NetworkPolicy'),
      '1:13: expected apiVersion "networking.k8s.io/v1", got "networking.k8s.io/v2"',
    ],
    'a misspelt kind': [
      object('networking.k8s.io/v1', 'Networkpolicy'),
      '2:7: expected kind "NetworkPolicy", got "Networkpolicy"',
    ],
    'what has neither version nor kind': [
      'replicas: 2\nimage: x\n',
      '1:1: not a Kubernetes object: it has no apiVersion and no kind',
    ],
  };
  for (const [what, [yaml, ...lines]] of Object.entries(refused))
    it(`are refused if they are ${what}`, async () => {
      const told = await refusal({ 'scenario.yaml': scenario, 'policies/p.yaml': yaml });
      expect(told.lines).to.deep.equal(lines.map((line) => `policies/p.yaml:${line}`));
    });
});

/** Root may read everything, so there the work is done as a user who may not. */
const asNobody = async <T>(work: () => Promise<T>): Promise<T> => {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
};
