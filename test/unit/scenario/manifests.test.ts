import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadScenarios } from '../../../src/scenario/index.ts';
import { type Files, load, policy, refusal, withFiles } from './temporary-folder.ts';

const scenario = 'namespaces: {prod: {}}\npolicyNamespace: prod\n';
const withPolicies = (patterns: string): string => `${scenario}policies: ${patterns}\n`;

const names = async (files: Files): Promise<readonly string[]> =>
  (await load(files))[0]?.steps[0]?.policies.map(({ name }) => name) ?? [];

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
