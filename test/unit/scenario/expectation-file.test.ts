import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { readExpectation, type Topology, writeGrid } from '../../../src/scenario/index.ts';
import { shownPath } from '../../../src/scenario/problem.ts';
import { failureOf } from '../failure-of.ts';
import { withFiles } from './temporary-folder.ts';

const pod = (name: string, ports: readonly number[] = []) => ({
  endpoint: `prod/${name}`,
  namespace: 'prod',
  name,
  labels: { app: name },
  ports: ports.map((number) => ({ number, protocol: 'TCP' as const })),
});

const topology: Topology = {
  namespaces: [{ name: 'prod', labels: {}, pods: [pod('web', [80]), pod('client')] }],
  hosts: [],
  nodes: [],
  services: [],
};

const grid = (mark: string, indent = '') =>
  ['             prod/web', '             80/TCP', 'prod/web     #', `prod/client  ${mark}`]
    .map((line) => `${indent}  ${line}\n`)
    .join('');

const deny = [{ from: 'prod/client', to: 'prod/web', port: 80, protocol: 'TCP', expectation: 'deny' }];

const expectationOf = (text: string | null) =>
  withFiles(text === null ? {} : { 'expect.yaml': text }, async (folder) =>
    (await readExpectation(join(folder, 'expect.yaml'))).expectedOf(topology),
  );

const refusal = (text: string | null) =>
  withFiles(text === null ? {} : { 'expect.yaml': text }, async (folder) => {
    const work = async () => (await readExpectation(join(folder, 'expect.yaml'))).expectedOf(topology);
    const failure = await failureOf(work());
    expect(failure).to.be.instanceOf(PodreachError);
    return failure.message.replaceAll(`${shownPath(folder)}/`, '').split('\n');
  });

describe('an expectation in a file of its own', () => {
  const rules = '{default: allow, rules: [{deny: {to: prod/web}}]}';
  const forms: Readonly<Record<string, readonly [text: string, form: string]>> = {
    'rules alone': [`${rules}\n`, 'rules'],
    'a grid alone': [`grid: |2\n${grid('X')}`, 'grid'],
    'rules under `expect`': [`expect: ${rules}\n`, 'rules'],
    'a grid under `expect`': [`expect:\n  grid: |2\n${grid('X', '  ')}`, 'grid'],
    'a scenario, whose other parts do not count': [
      `name: [wrong]\nnamespaces: {other: {pods: {a: {}}}}\nunknown: 1\nexpect: ${rules}\n`,
      'rules',
    ],
  };
  for (const [what, [text, form]] of Object.entries(forms))
    it(`is ${what}`, async () => {
      expect(await expectationOf(text)).to.deep.equal({ expected: deny, form });
    });

  const wrong: Readonly<Record<string, readonly [text: string | null, ...lines: readonly string[]]>> = {
    'a missing file': [null, '1:1: no such file or folder'],
    'an empty file': ['# later\n', '1:1: empty: expected rules or a grid'],
    'a broken file': ['default: [\n', '2:1: Flow sequence'],
    'two documents': ['default: deny\n---\ndefault: allow\n', '3:1: a second document: there is only one expectation'],
    'a list': ['- deny\n', '1:1: expected a mapping, got a list'],
    'a misspelt key': ['defualt: deny\n', '1:1: unknown key "defualt"; the nearest valid key is "default"'],
    'a misspelt key under `expect`': [
      'expect:\n  default: deny\n  rule: []\n',
      '3:3: unknown key "rule"; the nearest valid key is "rules"',
    ],
    'nothing under `expect`': ['expect:\n', '1:8: expected a mapping, got nothing'],
    'a scenario without an expectation': ['namespaces: {prod: {}}\n', '1:1: missing key "expect": rules or a grid'],
    'the model': [
      'expect: model\n',
      '1:9: expected rules or a grid: what the model predicts is not an expectation of running pods',
    ],
    'a pod that does not run': [
      'default: deny\nrules:\n  - allow: {from: prod/clinet}\n',
      '3:19: "prod/clinet" matches no endpoint; the nearest valid endpoint is "prod/client"',
    ],
    'a pod that does not run, under `expect`': [
      'expect: {default: deny, rules: [{allow: {to: prod/wbe}}]}\n',
      '1:46: "prod/wbe" matches no endpoint; the nearest valid endpoint is "prod/web"',
    ],
    'a grid with a pod that does not run': [
      `grid: |2\n${grid('X').replace('prod/client', 'prod/clinet')}`,
      '5:3: unknown source "prod/clinet"; the nearest valid endpoint is "prod/client"',
    ],
    'too many rules': [
      `default: deny\nrules: [${Array.from({ length: 2_001 }, () => '{allow: {}}').join(', ')}]\n`,
      '2:8: 2001 rules: at most 2000 in a scenario',
    ],
  };
  for (const [what, [text, ...lines]] of Object.entries(wrong))
    it(`can't be ${what}`, async () => {
      const refused = await refusal(text);
      expect(refused).to.have.length(lines.length);
      for (const [at, line] of lines.entries()) expect(refused[at]).to.contain(`expect.yaml:${line}`);
    });

  it('is read before it is known which pods run', async () => {
    await withFiles({ 'expect.yaml': 'default: 5\n' }, async (folder) => {
      const { message } = await failureOf(readExpectation(join(folder, 'expect.yaml')));
      expect(message).to.contain('expect.yaml:1:10: expected allow or deny or drop or reject, got the number 5');
    });
  });
});

describe('an expectation that may still be written', () => {
  /** What the file holds after the grid with the mark is written into it. */
  const written = (text: string | null) =>
    withFiles(text === null ? {} : { 'expect.yaml': text }, async (folder) => {
      const path = join(folder, 'expect.yaml');
      const { expectedOf, ...place } = await readExpectation(path, { mayBeMissing: true });
      expect(expectedOf(topology).form).to.equal(text?.includes('grid') ? 'grid' : null);
      await writeGrid(path, [{ ...deny[0], expectation: 'deny' } as never], { topology, path: [], ...place });
      const again = await readExpectation(path);
      expect(again.expectedOf(topology)).to.deep.equal({ expected: deny, form: 'grid' });
      return readFile(path, 'utf8');
    });

  it('is a file that does not exist yet', async () => {
    expect(await written(null)).to.equal(`grid: |2\n${grid('X')}`);
  });

  it('is an empty file, whose comments stay', async () => {
    expect(await written('# reviewed by nobody')).to.equal(`# reviewed by nobody\ngrid: |2\n${grid('X')}`);
  });

  it('is a grid alone', async () => {
    expect(await written(`# ours\ngrid: |2 # as it was\n${grid('.')}`)).to.equal(
      `# ours\ngrid: |2 # as it was\n${grid('X')}`,
    );
  });

  it('is a grid under `expect`', async () => {
    const file = (mark: string) => `name: a\nexpect:\n  grid: |2\n${grid(mark, '  ')}policies: []\n`;
    expect(await written(file('.'))).to.equal(file('X'));
  });

  it('is not the grid of a file with rules', async () => {
    await withFiles({ 'expect.yaml': 'default: deny\n' }, async (folder) => {
      const path = join(folder, 'expect.yaml');
      const { expectedOf, ...place } = await readExpectation(path, { mayBeMissing: true });
      expect(expectedOf(topology).form).to.equal('rules');
      const failure = await failureOf(writeGrid(path, [{ ...deny[0] } as never], { topology, path: [], ...place }));
      expect(failure.message).to.contain('there is no place for');
      expect(await readFile(path, 'utf8')).to.equal('default: deny\n');
    });
  });

  it('is never a broken file', async () => {
    await withFiles({ 'expect.yaml': 'expect: [' }, async (folder) => {
      const work = readExpectation(join(folder, 'expect.yaml'), { mayBeMissing: true });
      expect((await failureOf(work)).message).to.contain('expect.yaml:1:');
    });
  });
});
