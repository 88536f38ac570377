import { expect } from 'chai';
import type { Note } from '../../../src/scenario/index.ts';
import { type Files, load, policy, refusal } from './temporary-folder.ts';

const scenario = 'namespaces: {prod: {}}\npolicyNamespace: prod\n';

/** The notes, with paths relative to the folder of the scenario. */
const notesOf = async (files: Files): Promise<readonly Note[]> =>
  ((await load({ 'scenario.yaml': scenario, ...files }))[0]?.notes ?? []).map((note) => ({
    ...note,
    file: note.file.replace(/^.*podreach-scenario-[^/]*\//, ''),
  }));

const json = (name: string): string =>
  JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name }, spec: {} });

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
