import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import { runCli } from '../../../../src/commands/program.ts';
import { failureOf } from '../../failure-of.ts';
import { inFolder } from '../../scripts/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const REPOSITORY = { '.git': '' };
const INSTALLED = {
  ...REPOSITORY,
  'package.json': '{"devDependencies": {"podreach": "^0.1.0"}}',
  'package-lock.json': '{}',
};

const PATHS = { ...REPOSITORY, 'tests/scenario.yaml': '', 'k8s/a.yaml': '', 'it is': '' };

/** What it prints in a folder with these files, and what `look` finds there. Its tests run what it writes: test/package. */
const within = async <Found>(
  files: Readonly<Record<string, string>>,
  argv: readonly string[],
  look: (run: Promise<string>) => Promise<Found>,
): Promise<Found> => {
  const before = process.cwd();
  const found: Found[] = [];
  await inFolder(files, async (folder) => {
    process.chdir(folder);
    const terminal = fakeTerminal();
    const run = runCli(['init', ...argv], terminal).then((code) => {
      if (code !== 0) throw new Error(terminal.complained());
      return terminal.printed();
    });
    found.push(await look(run).finally(() => process.chdir(before)));
  });
  return found[0] as Found;
};

describe('podreach init --ci', () => {
  it('takes the version that the repository has installed, or else fetches its own', async () => {
    const linesOf = (files: Readonly<Record<string, string>>) =>
      within(files, ['--ci', 'github'], async (run) => {
        await run;
        const { jobs } = parse(await readFile('.github/workflows/podreach-nightly.yml', 'utf8'));
        return jobs.live.steps.flatMap((step: { run?: string }) => step.run?.split(' run ')[0] ?? []);
      });
    expect(await linesOf(INSTALLED)).to.deep.equal(['npm ci', 'npx podreach']);
    expect(await linesOf(REPOSITORY)).to.deep.equal(['npx --yes podreach@0.1.0']);
  });

  it('compares by --from, or else by the folder, or else everything', async () => {
    const rangeOf = (...argv: readonly string[]) =>
      within(PATHS, ['--ci', 'gitlab', ...argv], async (run) => {
        await run;
        const { podreach } = parse(await readFile('.gitlab/podreach.yml', 'utf8'));
        return podreach.script[0].split('HEAD"')[1];
      });
    expect(await rangeOf('tests', '--from', 'k8s', '--from', 'it is')).to.equal(" -- k8s 'it is'");
    expect(await rangeOf('tests')).to.equal(' -- tests');
    expect(await rangeOf()).to.equal('');
  });

  it('refuses a path that is not there, before it writes anything', async () => {
    for (const argv of [['--from', 'k8'], ['test'], ['tests', '--from', 'k8s', '--from', 'k8']])
      await within(PATHS, ['--ci', 'github', ...argv], async (run) => {
        expect((await failureOf(run)).message).to.match(/^there is no (?:k8|test) in this folder/);
        expect(await readdir('.')).not.to.include('.github');
      });
  });

  it('overwrites nothing, and then writes nothing', async () => {
    const path = '.github/workflows/podreach-nightly.yml';
    await within({ ...REPOSITORY, [path]: 'mine' }, ['--ci', 'github'], async (run) => {
      expect((await failureOf(run)).message).to.equal(`${path} exists, and init overwrites nothing`);
      expect(await readFile(path, 'utf8')).to.equal('mine');
      expect(await readdir('.github/workflows')).to.deep.equal(['podreach-nightly.yml']);
    });
  });

  it('says what to add to the pipeline that is there', async () => {
    await within({ ...REPOSITORY, '.gitlab-ci.yml': 'mine' }, ['--ci', 'gitlab'], async (run) => {
      expect(await run).to.equal(
        'wrote .gitlab/podreach.yml\nadd to .gitlab-ci.yml: include: [{local: .gitlab/podreach.yml}]\n',
      );
      expect(await readFile('.gitlab-ci.yml', 'utf8')).to.equal('mine');
    });
  });

  for (const [what, argv, message] of [
    ['a path that a workflow would expand', ['--ci', 'github', `a$${'{{'} github.token }}`], 'which would expand it'],
    ['another system', ['--ci', 'jenkins'], 'github'],
    ['a namespace, which is for scenarios', ['--ci', 'github', '-n', 'prod'], '--ci'],
  ] as const)
    it(`refuses ${what}`, async () => {
      await within(REPOSITORY, argv, async (run) => {
        expect(String((await failureOf(run)).message)).to.contain(message);
        expect(await readdir('.')).to.deep.equal(['.git']);
      });
    });

  it('refuses a folder below the top of the repository', async () => {
    await within({ ...REPOSITORY, 'deep/x': '' }, ['--ci', 'github'], async (run) => {
      await run;
      process.chdir('deep');
      const failure = await failureOf(runCli(['init', '--ci', 'github'], fakeTerminal()));
      expect(failure.message).to.contain('the top of the repository');
      expect(await readdir('.')).to.deep.equal(['x']);
    });
  });
});
