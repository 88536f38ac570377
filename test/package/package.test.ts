import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { type Installed, inProject, installed } from './installed.ts';

describe('the package', function () {
  this.timeout(600_000);
  let folder: string;
  let project: Installed;
  before('is packed and installed into an empty project', async () => {
    project = await installed();
    folder = project.folder;
  });
  const bin = (name: string): string => project.bin(name);

  it('holds the program, its types, the schemas and the image recipes, and nothing else', () => {
    const { packed } = project;
    const parts = new Set(
      packed.map((path) =>
        path
          .split('/')
          .slice(0, path.startsWith('scripts/') ? 2 : 1)
          .join('/'),
      ),
    );
    expect([...parts].sort()).to.deep.equal(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'bin',
        'dist',
        'kind-config.yaml',
        'package.json',
        'schema',
        'scripts/host',
        'scripts/images',
      ].sort(),
    );
    const others = packed.filter((path) => path.startsWith('dist/') && !/\.(js|d\.ts|js\.map)$/.test(path));
    expect(others.filter((path) => !/^dist\/report\/html\/page\/\w+\.css$/.test(path))).to.deep.equal([]);
    expect(packed).to.include.members([
      'dist/report/html/page/base.css',
      'dist/model/index.d.ts',
      'schema/scenario.json',
      'scripts/images/node/configure',
      'scripts/host/runc-clamped',
    ]);
  });

  it('runs as a command, on the oldest Node.js that it supports and on this one, and needs no clone', async () => {
    for (const node of [bin('node'), process.execPath]) {
      const { all, exitCode } = await execa(node, [bin('podreach'), 'model', 'deny-all'], {
        cwd: folder,
        ...inProject,
      });
      expect(exitCode, all).to.equal(0);
      expect(all).to.contain('1 scenario: 1 passed');
    }
    const { stdout: version } = await execa(bin('node'), ['--version'], inProject);
    expect(version).to.equal(`v${project.oldestNode}`);
    const { all, exitCode } = await execa('npx', ['podreach', '--version'], { cwd: folder, ...inProject });
    expect([all, exitCode]).to.deep.equal(['0.1.0', 0]);
  });

  it('finds the image recipes and the wrapper of the runtime in itself', async () => {
    const { all } = await execa(bin('podreach'), ['doctor'], { cwd: folder, ...inProject });
    expect(all)
      .to.match(/Node[.]js +[0-9]/)
      .and.to.contain('images');
    expect(all).not.to.contain('ENOENT');
    expect(await readdir(join(folder, 'node_modules/podreach/scripts/images'))).to.include('recipe.yaml');
  });

  it('says in one sentence that Node.js is too old', async () => {
    const script =
      "Object.defineProperty(process, 'version', {value: 'v18.20.0'}); Object.defineProperty(process.versions, 'node', {value: '18.20.0'}); require(process.argv[1])";
    const file = join(folder, 'node_modules/podreach/bin/podreach.cjs');
    const { all, exitCode } = await execa(process.execPath, ['-e', script, file], { cwd: folder, ...inProject });
    expect([all, exitCode]).to.deep.equal(['podreach: Node.js v18.20.0 is too old: install Node.js 22.22 or later', 2]);
  });
});
