import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { inFolder, root } from './temporary-folder.ts';

const order = ['model', 'scenario', 'cluster', 'deploy', 'settle', 'probe', 'matrix', 'report'] as const;
const pure = ['scenario', 'model', 'matrix', 'report'] as const;

/** What biome finds in these files under the repository's own configuration: `path rule` each. */
const findings = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const found: string[] = [];
  await inFolder(files, async (folder) => {
    await cp(join(root, 'biome.json'), join(folder, 'biome.json'));
    await cp(join(root, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true });
    const args = [
      'lint',
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

const importing = (specifier: string) => `import { it } from '${specifier}';\nit();\n`;
const restricted = (path: string) => `${path} lint/style/noRestrictedImports`;

describe('the lint rules for imports', () => {
  it('let no stage import a later one, or the commands', async () => {
    const later = order.flatMap((stage, place) => order.slice(place + 1).map((other) => [stage, other] as const));
    const files = Object.fromEntries([
      ...later.map(([from, to]) => [`src/${from}/to-${to}.ts`, importing(`../${to}/index.ts`)]),
      ...order.map((stage) => [`src/${stage}/to-commands.ts`, importing('../commands/run.ts')]),
      ...order.map((stage) => [`src/${stage}/to-run.ts`, importing('../run.ts')]),
      ['src/run.ts', importing('./commands/run.ts')],
      ['src/cluster/images/deep.ts', importing('../../deploy/pods.ts')],
      ['src/scenario/types.ts', "import type { It } from '../probe/index.ts';\nexport type That = It;\n"],
      ['src/matrix/again.ts', "export * from '../report/index.ts';\n"],
      ['src/model/progress.ts', importing('../progress.ts')],
    ]);
    expect(await findings(files)).to.deep.equal(Object.keys(files).map(restricted).sort());
  });

  it('keep the pure stages from programs, connections and files', async () => {
    const impure = ['execa', 'testcontainers', '@kubernetes/client-node', 'node:child_process'];
    const files = Object.fromEntries([
      ...pure.flatMap((stage) => impure.map((name, place) => [`src/${stage}/it-${place}.ts`, importing(name)])),
      ...pure.slice(1).map((stage) => [`src/${stage}/files.ts`, importing('node:fs')]),
      ...pure.slice(1).map((stage) => [`src/${stage}/promises.ts`, importing('node:fs/promises')]),
      ['src/report/late.ts', "export const it = () => import('execa');\n"],
    ]);
    expect(await findings(files)).to.deep.equal(Object.keys(files).map(restricted).sort());
  });

  it('leave the process to cli.ts', async () => {
    const uses = ['process.exit(1)', 'process.exitCode = 1', 'process.stdout.write(process.argv[2] ?? "")'];
    const files = Object.fromEntries(uses.map((use, place) => [`src/commands/it-${place}.ts`, `${use};\n`]));
    const found = await findings({ ...files, 'src/commands/log.ts': "console.log('it');\n" });
    expect(found).to.deep.equal([
      'src/commands/it-0.ts plugin',
      'src/commands/it-1.ts plugin',
      'src/commands/it-2.ts plugin',
      'src/commands/it-2.ts plugin',
      'src/commands/log.ts lint/suspicious/noConsole',
    ]);
  });

  it('allow what goes the right way', async () => {
    const earlier = order.flatMap((stage, place) => order.slice(0, place).map((other) => [stage, other] as const));
    const isAllowed = ([stage, other]: readonly [string, string]) =>
      !(['matrix', 'report'].includes(stage) && ['cluster', 'deploy', 'settle'].includes(other));
    const files = Object.fromEntries(
      earlier.filter(isAllowed).map(([from, to]) => [`src/${from}/to-${to}.ts`, importing(`../${to}/index.ts`)]),
    );
    const found = await findings({
      ...files,
      'src/model/errors.ts': importing('../errors.ts'),
      'src/model/words.ts': importing('../wording.ts'),
      'src/model/own.ts': importing('./policy.ts'),
      'src/model/package.ts': importing('ipaddr.js'),
      'src/scenario/load.ts': importing('node:fs/promises'),
      'src/cluster/kind.ts': importing('execa'),
      'src/commands/run.ts': importing('../run.ts'),
      'src/cli.ts': 'process.stdout.write(process.argv.join());\nprocess.exitCode = 2;\n',
    });
    expect(found).to.deep.equal([]);
  });
});
