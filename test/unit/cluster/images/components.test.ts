import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect } from 'chai';
import { componentKey } from '../../../../src/cluster/images/components.ts';
import { type Component, recipeFolder } from '../../../../src/cluster/images/recipe.ts';

const GO = 'go version go1.26.8 linux/amd64';
const COMPONENT: Component = { packages: ['.'], stamps: { 'x/version.gitVersion': 'v1.0.0' }, tags: ['no_zfs'] };
const FILES = {
  'go.mod': 'module podreach/x\n',
  'go.sum': 'a.example/a v1.0.0 h1:0=\n',
  'main.go': 'package main\n',
  'tool/main.go': 'package main\n',
};

describe('componentKey', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podreach-component-'));
    await write(FILES);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const write = async (files: Readonly<Record<string, string>>) => {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
  };
  // A component is named by its folder below that of the recipes.
  const key = (component: Component = COMPONENT, goVersion = GO) =>
    componentKey(relative(recipeFolder, folder), component, goVersion);

  const changes: readonly (readonly [what: string, files: Readonly<Record<string, string>>])[] = [
    ['a locked module', { 'go.sum': 'a.example/a v1.0.1 h1:1=\n' }],
    ['a required module', { 'go.mod': 'module podreach/x\nrequire a.example/a v1.0.1\n' }],
    ['a Go source', { 'main.go': 'package main\n\nfunc main() {}\n' }],
    ['a Go source in a folder below', { 'tool/main.go': 'package main\n\nfunc main() {}\n' }],
    ['a further Go source', { 'other.go': '' }],
  ];
  for (const [what, files] of changes)
    it(`changes with ${what}`, async () => {
      const before = await key();
      await write(files);
      expect(await key()).not.to.equal(before);
    });

  it('changes with a stamp, a tag, a package and the Go version', async () => {
    const keys = await Promise.all([
      key(),
      key({ ...COMPONENT, stamps: { 'x/version.gitVersion': 'v1.0.1' } }),
      key({ ...COMPONENT, tags: [] }),
      key({ ...COMPONENT, packages: ['.', './tool'] }),
      key(COMPONENT, 'go version go1.26.9 linux/amd64'),
    ]);
    expect(new Set(keys)).to.have.length(5);
  });

  it('changes with nothing else', async () => {
    const before = await key();
    await write({ 'README.md': 'words', 'go.work.txt': 'words', 'main.go.orig': 'package main\n', ...FILES });
    expect(await key()).to.equal(before);
  });

  it('is the same wherever the folder stands', async () => {
    const before = await key();
    await rm(folder, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), 'podreach-component-'));
    await write(FILES);
    expect(await key()).to.equal(before);
  });
});
