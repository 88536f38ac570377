import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';

const root = join(import.meta.dirname, '../..');

const CONSUMER = `import { loadScenarios, PodreachError, predict, type RunResult } from 'podreach';
import { compile, decideProbe } from './library.ts';
export const cells = (await loadScenarios(['deny-all'])).flatMap(({ steps }) =>
  steps.flatMap(({ topology, policies }) => predict({ topology, policies }).map(({ from, to, decision }) => \`\${from} \${to} \${decision}\`)),
);
export const isOurs = (error: unknown): boolean => error instanceof PodreachError;
export const passed = ({ scenarios }: RunResult): boolean => scenarios.every(({ status }) => status === 'pass');
console.log(JSON.stringify([cells.length > 0, typeof compile, typeof decideProbe]));
`;
const LIBRARY = `import { compile, decide, type Model, type Probe } from 'podreach/model';
export const decideProbe = (model: Model, probe: Probe): string => decide(model, probe);
export { compile };
`;
/** No types of Node.js: what the model is told of and tells is plain data. */
const TSCONFIG = (files: readonly string[], types: readonly string[]) =>
  JSON.stringify({
    compilerOptions: {
      ...{ module: 'nodenext', target: 'es2024', strict: true, exactOptionalPropertyTypes: true },
      ...{ skipLibCheck: false, noEmit: true, allowImportingTsExtensions: true, types },
    },
    files,
  });

describe('the package', function () {
  this.timeout(600_000);
  let folder: string;
  let packed: readonly string[];
  const inProject = { stdin: 'ignore', reject: false, all: true } as const;
  const bin = (name: string): string => join(folder, 'node_modules/.bin', name);

  before('is packed and installed into an empty project', async () => {
    folder = await mkdtemp(join(tmpdir(), 'podreach-package-'));
    const { stdout } = await execa('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: root,
      stdin: 'ignore',
    });
    const [tarball] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [
      { filename: string; files: { path: string }[] },
    ];
    packed = tarball.files.map(({ path }) => path);
    await writeFile(
      join(folder, 'package.json'),
      '{"private": true, "type": "module", "allowScripts": {"node": true}}',
    );
    const wanted = [join(folder, tarball.filename), 'node@22', '@types/node@22'];
    await execa('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...wanted], {
      cwd: folder,
      stdin: 'ignore',
    });
    await cp(join(root, 'scenarios/deny-all'), join(folder, 'deny-all'), { recursive: true });
    for (const [name, text] of Object.entries({ 'consumer.ts': CONSUMER, 'library.ts': LIBRARY }))
      await writeFile(join(folder, name), text);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('holds the program, its types, the schemas and the image recipes, and nothing else', () => {
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
    expect(packed.filter((path) => path.startsWith('dist/') && !/\.(js|d\.ts|js\.map)$/.test(path))).to.deep.equal([]);
    expect(packed).to.include.members([
      'dist/model/index.d.ts',
      'schema/scenario.json',
      'scripts/images/node/configure',
      'scripts/host/runc-clamped',
    ]);
  });

  it('runs as a command, on Node.js 22 and on this one, and needs no clone', async () => {
    for (const node of [bin('node'), process.execPath]) {
      const { all, exitCode } = await execa(node, [bin('podreach'), 'model', 'deny-all'], {
        cwd: folder,
        ...inProject,
      });
      expect(exitCode, all).to.equal(0);
      expect(all).to.contain('1 scenario: 1 passed');
    }
    const { stdout: version } = await execa(bin('node'), ['--version'], inProject);
    expect(version).to.match(/^v22\./);
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

  it('is a library for JavaScript', async () => {
    const script =
      "import { loadScenarios } from 'podreach'; import { lint } from 'podreach/model'; console.log(typeof loadScenarios, typeof lint)";
    const { stdout } = await execa(bin('node'), ['--input-type=module', '-e', script], { cwd: folder, ...inProject });
    expect(stdout).to.equal('function function');
  });

  it('changes nothing in a process that imports it', async () => {
    const script =
      "const before = JSON.stringify(process.env); await import('podreach'); console.log(before === JSON.stringify(process.env))";
    const { stdout } = await execa(bin('node'), ['--input-type=module', '-e', script], { cwd: folder, ...inProject });
    expect(stdout).to.equal('true');
  });

  it('is a library for strict TypeScript that checks every declaration', async () => {
    const compiled = async (config: string) => {
      await writeFile(join(folder, 'tsconfig.json'), config);
      return execa(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: folder, ...inProject });
    };
    for (const config of [TSCONFIG(['consumer.ts'], ['node']), TSCONFIG(['library.ts'], [])]) {
      const { all, exitCode } = await compiled(config);
      expect(exitCode, all).to.equal(0);
    }
    const { stdout, all } = await execa(process.execPath, ['consumer.ts'], { cwd: folder, ...inProject });
    expect(stdout, all).to.equal('[true,"function","function"]');
  });

  it('does what the examples of the documentation say', async () => {
    const text = await readFile(join(root, 'docs/model.md'), 'utf8');
    const [example] = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code as string);
    await writeFile(join(folder, 'example.ts'), example ?? '');
    await writeFile(join(folder, 'tsconfig.json'), TSCONFIG(['example.ts'], ['node']));
    const compiled = await execa(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: folder, ...inProject });
    expect(compiled.exitCode, compiled.all).to.equal(0);
    const { stdout, exitCode, all } = await execa(process.execPath, ['example.ts'], { cwd: folder, ...inProject });
    expect(exitCode, all).to.equal(0);
    expect(stdout.split('\n')[0]).to.equal('allow deny');
  });

  it('says in one sentence that Node.js is too old', async () => {
    const script =
      "Object.defineProperty(process, 'version', {value: 'v18.20.0'}); Object.defineProperty(process.versions, 'node', {value: '18.20.0'}); require(process.argv[1])";
    const file = join(folder, 'node_modules/podreach/bin/podreach.cjs');
    const { all, exitCode } = await execa(process.execPath, ['-e', script, file], { cwd: folder, ...inProject });
    expect([all, exitCode]).to.deep.equal(['podreach: Node.js v18.20.0 is too old: install Node.js 22.22 or later', 2]);
  });
});
