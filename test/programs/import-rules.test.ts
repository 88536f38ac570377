import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { inFolder, root } from '../unit/scripts/temporary-folder.ts';

type Files = Readonly<Record<string, string>>;

/** In the order in which data flows; each may import those before it only, and not even all of them. */
const order = [
  ...['model', 'scenario', 'kube', 'host', 'cluster', 'deploy', 'attach', 'settle'],
  ...['probe', 'matrix', 'report', 'run', 'commands', 'mocha', 'chai'],
] as const;
const pure = ['model', 'scenario', 'matrix', 'report', 'chai'] as const;

const importing = (specifier: string) => `import { it } from '${specifier}';\nexport const its = it;\n`;
const doors: Files = Object.fromEntries(order.map((folder) => [`src/${folder}/index.ts`, 'export const it = 1;\n']));
const beside: Files = Object.fromEntries(
  ['errors', 'progress', 'secrets', 'stopwatch', 'text'].map((name) => [`src/${name}.ts`, 'export const it = 1;\n']),
);

const later = order.flatMap((from, place) => order.slice(place + 1).map((to) => [from, to] as const));
const toLater: Files = {
  ...Object.fromEntries(later.map(([from, to]) => [`src/${from}/to-${to}.ts`, importing(`../${to}/index.ts`)])),
  'src/scenario/types.ts': "import type { it } from '../probe/index.ts';\nexport type That = typeof it;\n",
  'src/matrix/again.ts': "export * from '../report/index.ts';\n",
  'src/host/late.ts': "export const late = () => import('../run/index.ts');\n",
  'src/model/progress.ts': importing('../progress.ts'),
  'src/errors.ts': importing('./model/index.ts'),
};
const words: Files = {
  'src/run/words.ts': importing('../report/index.ts'),
  'src/commands/words.ts': importing('../report/index.ts'),
};
const pastDoors: Files = {
  'src/model/deep.ts': 'export const it = 1;\n',
  'src/scenario/past.ts': importing('../model/deep.ts'),
  'src/model/reach/own.ts': importing('../deep.ts'),
  'src/index.ts': importing('./model/deep.ts'),
};
/** What the rooms of commands/ take of each other. */
const betweenRooms: Files = {
  'src/commands/flags/later.ts': importing('../output/index.ts'),
  'src/commands/output/past.ts': importing('../terminal/printer.ts'),
  'src/commands/output/command.ts': importing('../run/index.ts'),
  'src/commands/run/past.ts': importing('../terminal/printer.ts'),
  'src/commands/run/other.ts': importing('../model/command.ts'),
  'src/commands/run/upwards.ts': importing('../program.ts'),
  'src/commands/ci.ts': importing('./terminal/index.ts'),
  'src/commands/program.ts': importing('./model/model.ts'),
};
const circle: Files = {
  'src/probe/one.ts': "import type { two } from './two.ts';\nexport const one = {} as typeof two;\n",
  'src/probe/two.ts': "import { one } from './one.ts';\nexport const two = one;\n",
};
const impure = ['execa', 'testcontainers', '@kubernetes/client-node', 'node:child_process', 'node:net', 'https'];
const inPure: Files = Object.fromEntries([
  ...pure.flatMap((folder) => impure.map((name, place) => [`src/${folder}/it-${place}.ts`, importing(name)])),
  ...pure
    .filter((folder) => folder !== 'scenario')
    .map((folder) => [`src/${folder}/files.ts`, importing('node:fs/promises')]),
  ['src/report/late.ts', "export const it = () => import('execa');\n"],
]);
const right: Files = {
  ...doors,
  'src/model/errors.ts': importing('../errors.ts'),
  'src/model/words.ts': importing('../text.ts'),
  'src/model/package.ts': importing('ipaddr.js'),
  'src/scenario/load.ts': importing('node:fs/promises'),
  'src/report/html/assets.ts': importing('node:fs/promises'),
  'src/scenario/model.ts': importing('../model/index.ts'),
  'src/cluster/kind.ts': importing('execa'),
  'src/matrix/seen.ts': importing('../probe/index.ts'),
  'src/commands/run.ts': importing('../run/index.ts'),
  'src/cli.ts': importing('./commands/program.ts'),
  ...Object.fromEntries(
    [
      'flags/index',
      'output/index',
      'run/index',
      'terminal/index',
      'terminal/printer',
      'model/command',
      'model/model',
    ].map((path) => [`src/commands/${path}.ts`, 'export const it = 1;\n']),
  ),
  'src/commands/define-command.ts': importing('./flags/index.ts'),
  'src/commands/output/flags.ts': importing('../flags/index.ts'),
  'src/commands/probe/flags.ts': importing('../flags/index.ts'),
  'src/commands/probe/command.ts': importing('../define-command.ts'),
  'src/commands/probe/updated.ts': importing('../run/index.ts'),
};

/** One project with all of these files, because the tool takes longer to start than to look: `file rule` each. */
const violations = async (): Promise<readonly string[]> => {
  const found: string[] = [];
  const files = { ...beside, ...toLater, ...words, ...pastDoors, ...betweenRooms, ...circle, ...inPure, ...right };
  await inFolder({ ...files, 'package.json': '{"type": "module"}' }, async (folder) => {
    const config = join(root, 'scripts/lint/imports.js');
    const args = ['--config', config, 'src', '--output-type', 'json'];
    const { stdout } = await execa('depcruise', args, {
      cwd: folder,
      reject: false,
      stdin: 'ignore',
      preferLocal: true,
      localDir: root,
    });
    const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
    found.push(...summary.violations.map(({ from, rule }) => `${from} ${rule.name}`));
  });
  return found.sort();
};

/** What the lint finds in these files under the repository's own configuration: `path rule` each. */
const lintFindings = async (files: Files): Promise<readonly string[]> => {
  const found: string[] = [];
  await inFolder(files, async (folder) => {
    await cp(join(root, 'biome.json'), join(folder, 'biome.json'));
    await cp(join(root, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true });
    const args = [
      'lint',
      'src',
      '--vcs-enabled=false',
      '--reporter=json',
      '--diagnostic-level=error',
      '--max-diagnostics=none',
    ];
    const { stdout } = await execa('biome', args, { cwd: folder, reject: false, stdin: 'ignore' });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: string } }[] };
    found.push(...diagnostics.map(({ category, location }) => `${location.path} ${category}`));
  });
  return found.sort();
};

describe('the rules for imports', () => {
  let all: readonly string[];
  before(async () => {
    all = await violations();
  });
  /** What these files break. */
  const brokenIn = (files: Files) => all.filter((one) => one.slice(0, one.indexOf(' ')) in files);

  it('let no folder import a later one, types included', () => {
    expect(brokenIn(toLater)).to.deep.equal(
      [
        ...later.map(([from, to]) => `src/${from}/to-${to}.ts ${from}-imports`),
        'src/scenario/types.ts scenario-imports',
        'src/matrix/again.ts matrix-imports',
        'src/host/late.ts host-imports',
        'src/model/progress.ts model-imports',
        'src/errors.ts beside-the-folders',
      ].sort(),
    );
  });

  it('let no run word its results: that is for reports, which commands alone may ask for', () => {
    expect(brokenIn(words)).to.deep.equal(['src/run/words.ts run-imports']);
  });

  it('let every folder be entered by its door alone', () => {
    expect(brokenIn(pastDoors)).to.deep.equal(['src/index.ts doors', 'src/scenario/past.ts scenario-imports']);
  });

  it('let the rooms of commands take what is shared, and of another command what it offers', () => {
    expect(brokenIn(betweenRooms)).to.deep.equal(
      [
        'src/commands/flags/later.ts commands-flags',
        'src/commands/output/past.ts commands-output',
        'src/commands/output/command.ts commands-output',
        'src/commands/run/past.ts commands-one-by-one',
        'src/commands/run/other.ts commands-one-by-one',
        'src/commands/run/upwards.ts commands-one-by-one',
        'src/commands/ci.ts commands-beside-rooms',
        'src/commands/program.ts commands-program',
      ].sort(),
    );
  });

  it('forbid circles, of types too', () => {
    expect(brokenIn(circle)).to.deep.equal(['src/probe/one.ts no-circles']);
  });

  it('keep the pure folders from programs, connections and files', () => {
    const expected = Object.keys(inPure).map((file) => `${file} ${file.split('/')[1]}-is-pure`);
    expect(brokenIn(inPure)).to.deep.equal(expected.sort());
  });

  it('allow what goes the right way', () => {
    expect(brokenIn(right)).to.deep.equal([]);
  });
});

const ofProcess: Files = {
  'src/commands/it-0.ts': 'process.exit(1);\n',
  'src/commands/it-1.ts': 'process.exitCode = 1;\n',
  'src/commands/it-2.ts': 'process.stdout.write(process.argv[2] ?? "");\n',
  'src/commands/log.ts': "console.log('it');\n",
  'src/cli.ts': 'process.stdout.write(process.argv.join());\nprocess.exitCode = 2;\n',
};

const byHand = [
  "name.startsWith('host:')",
  "name === 'svc:prod/web'",
  '/^(svc|dns|nodeport):/.test(name)',
  `\`node:\${name}\``,
  'probe.from.startsWith(name)',
  "to.split('/')",
  '/x/.exec(endpoint)',
];
const sound = ["name.split('/')", "import('node:os')", 'probe.from === probe.to', `\`\${to}: \${name}\``];
const head = 'export const it = (name: string, to: string, endpoint: string, probe: { from: string; to: string }) =>';
const using = (uses: readonly string[], what: string): Files =>
  Object.fromEntries(uses.map((use, place) => [`src/report/${what}-${place}.ts`, `${head} ${use};\n`]));
const ofEnds: Files = {
  ...using(byHand, 'broken'),
  ...using(sound, 'sound'),
  'src/model/end.ts': `export const it = (name: string) => \`host:\${name}\`;\n`,
};

describe('the lint rules', () => {
  let all: readonly string[];
  before(async () => {
    all = await lintFindings({ ...ofProcess, ...ofEnds });
  });
  const foundIn = (files: Files) => all.filter((one) => one.slice(0, one.indexOf(' ')) in files);

  it('leave the process to cli.ts', () => {
    expect(foundIn(ofProcess)).to.deep.equal([
      'src/commands/it-0.ts plugin',
      'src/commands/it-1.ts plugin',
      'src/commands/it-2.ts plugin',
      'src/commands/it-2.ts plugin',
      'src/commands/log.ts lint/suspicious/noConsole',
    ]);
  });

  it('keep every kind of end from being written or read by hand', () => {
    expect(foundIn(ofEnds)).to.deep.equal(byHand.map((_, place) => `src/report/broken-${place}.ts plugin`));
  });

  it('find nothing else', () => {
    expect(all).to.have.members([...foundIn(ofProcess), ...foundIn(ofEnds)]);
  });
});
