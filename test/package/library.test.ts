import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { type Installed, inProject, installed, root } from './installed.ts';

describe('the library of the package', function () {
  this.timeout(600_000);
  let project: Installed;
  before(async () => {
    project = await installed();
  });

  /** Strict, and every declaration is checked; `types` are those that the program needs besides. */
  const compile = async (file: string, types: readonly string[]): Promise<void> => {
    const compilerOptions = {
      ...{ module: 'nodenext', target: 'es2024', strict: true, exactOptionalPropertyTypes: true },
      ...{ skipLibCheck: false, noEmit: true, allowImportingTsExtensions: true, types },
    };
    await writeFile(join(project.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
    const tsc = join(root, 'node_modules/.bin/tsc');
    const { all, exitCode } = await execa(tsc, ['-p', '.'], { cwd: project.folder, ...inProject });
    expect(exitCode, all).to.equal(0);
  };
  const run = async (node: string, ...args: readonly string[]): Promise<string> => {
    const { all, stdout, exitCode } = await execa(node, args, { cwd: project.folder, ...inProject });
    expect(exitCode, all).to.equal(0);
    return stdout;
  };

  // What the model is told and what it tells is plain data: it needs no types of Node.js.
  for (const [file, types] of [
    ['model.ts', []],
    ['scenarios.ts', ['node']],
    ['suite.ts', ['node']],
  ] as const)
    it(`does what test/package/uses/${file} expects, in strict TypeScript and on the oldest and this Node.js`, async () => {
      await compile(file, types);
      for (const node of [project.bin('node'), process.execPath]) await run(node, file);
    });

  it('does what the example of the documentation says', async () => {
    const text = await readFile(join(root, 'docs/model.md'), 'utf8');
    const [example] = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code as string);
    await writeFile(join(project.folder, 'example.ts'), example ?? '');
    await compile('example.ts', ['node']);
    expect((await run(process.execPath, 'example.ts')).split('\n')[0]).to.equal('allow deny');
  });

  it('has these values, of which none may go before the next major version', async () => {
    const valuesOf = async (name: string) => {
      const script = `console.log(Object.keys(await import('${name}')).join(' '))`;
      return (await run(project.bin('node'), '--input-type=module', '-e', script)).split(' ');
    };
    expect(await valuesOf('podreach/model')).to.include.members([
      ...['advise', 'backendsDiffer', 'changesBetween', 'compile', 'decide', 'explain', 'explainProbe', 'isLeftOpen'],
      ...['lint', 'reachability', 'readPolicies', 'readPolicy', 'withPolicies'],
    ]);
    expect(await valuesOf('podreach')).to.include.members([
      ...[
        'PodreachError',
        'loadScenarios',
        'predict',
        'predictScenario',
        'predictStep',
        'modelOf',
        'judgePredicted',
        'statusOf',
        'warningsOf',
      ],
      ...['leaseCluster', 'givenCluster', 'runScenarios', 'progressLines', 'silent'],
      ...['reporters', 'terminal', 'json', 'exitCodeOf', 'explanationLines', 'explanationSummary', 'writeGrid'],
    ]);
  });

  it('has these values for mocha and chai', async () => {
    const script =
      "console.log(Object.keys(await import('podreach/mocha')), typeof (await import('podreach/chai')).default)";
    expect(await run(project.bin('node'), '--input-type=module', '-e', script)).to.equal(
      "[ 'describeScenarios', 'mochaGlobalSetup', 'mochaGlobalTeardown' ] function",
    );
  });

  it('changes nothing in a process that imports it', async () => {
    const script =
      "const before = JSON.stringify(process.env); await import('podreach'); console.log(before === JSON.stringify(process.env))";
    expect(await run(project.bin('node'), '--input-type=module', '-e', script)).to.equal('true');
  });
});
