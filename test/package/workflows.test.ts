import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { parse } from 'yaml';
import { requireLinted } from '../workflows/actionlint.ts';
import { gitlabJobs } from '../workflows/gitlab.ts';
import { runSteps, type Step } from '../workflows/steps.ts';
import { type Installed, inProject, installed, root } from './installed.ts';

/** Stands for npx: notes its arguments, one a line, and runs the packed podreach unless that needs a cluster. */
const npx = (podreach: string, calls: string) => `#!/bin/sh
printf '%s\\n' "$@" > ${calls}
[ "$1" = --yes ] && shift
shift
[ "$1" = run ] || exec ${podreach} "$@"
`;

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

describe('workflows', function () {
  this.timeout(600_000);
  let project: Installed;
  let base: string;
  let repository: string;
  let env: Readonly<Record<string, string>>;

  const git = (...args: readonly string[]) =>
    execa('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], { cwd: repository });
  const podreach = (...args: readonly string[]) =>
    execa(project.bin('podreach'), args, { ...inProject, cwd: repository });
  const read = (path: string) => readFile(join(repository, path), 'utf8');
  const workflow = async (name: string): Promise<Workflow> => parse(await read(`.github/workflows/${name}.yml`));
  const calls = async () => (await readFile(join(base, 'calls'), 'utf8')).trimEnd().split('\n');

  before('a repository whose branch opens the database', async () => {
    project = await installed();
    base = await mkdtemp(join(tmpdir(), 'podreach-workflows-'));
    repository = join(base, 'a repository');
    await cp(join(root, 'examples/mocha/scenarios'), join(repository, 'tests/network'), { recursive: true });
    await git('init', '--quiet');
    await git('add', '.');
    await git('commit', '--quiet', '-m', 'before');
    await git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    const policy = 'tests/network/shop/policies/db.yaml';
    await writeFile(join(repository, policy), (await read(policy)).replace('podSelector: {}', 'namespaceSelector: {}'));
    await git('commit', '--quiet', '--all', '-m', 'after');
    await mkdir(join(base, 'bin'));
    await writeFile(join(base, 'bin/npx'), npx(project.bin('podreach'), join(base, 'calls')));
    await chmod(join(base, 'bin/npx'), 0o755);
    env = {
      PATH: `${join(base, 'bin')}:${process.env.PATH}`,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_BASE_REF: 'main',
      GITHUB_WORKSPACE: repository,
      GITHUB_OUTPUT: join(base, 'output'),
      GITHUB_STEP_SUMMARY: join(base, 'summary.md'),
    };
  });
  after(() => rm(base, { recursive: true, force: true }));

  it('of this repository are sound', async () => {
    await requireLinted(['test', 'release'].map((name) => join(root, '.github/workflows', `${name}.yml`)));
  });

  describe('of podreach init --ci github', () => {
    before(async () => {
      const { all, exitCode } = await podreach('init', '--ci', 'github', 'tests/network');
      expect(exitCode, all).to.equal(0);
      expect(all).to.equal('wrote .github/workflows/podreach.yml and .github/workflows/podreach-nightly.yml');
    });

    it('are sound, and expand nothing into a script', async () => {
      const names = ['podreach', 'podreach-nightly'];
      await requireLinted(names.map((name) => join(repository, '.github/workflows', `${name}.yml`)));
      for (const name of names)
        for (const { steps } of Object.values((await workflow(name)).jobs))
          for (const { run = '' } of steps) expect(run).not.to.contain('${{');
    });

    it('report what a pull request opens, and that the scenarios no longer hold', async () => {
      const [compare, model, ...others] = await runSteps(
        (await workflow('podreach')).jobs.predicted?.steps ?? [],
        repository,
        env,
      );
      expect(others).to.deep.equal([]);
      expect(compare?.exitCode, compare?.all).to.equal(0);
      expect(compare?.all).to.contain('opened').and.to.contain('::warning');
      expect(model?.exitCode, model?.all).to.equal(1);
      expect(model?.all).to.contain('::error');
      expect(await readFile(join(base, 'summary.md'), 'utf8'))
        .to.contain('opened')
        .and.to.contain('other/client');
      for (const file of ['podreach-compare.html', 'podreach-model.html'])
        expect(await read(file)).to.match(/^<!doctype html>/i);
    });

    it('run the scenarios on the versions of the matrix', async () => {
      const contexts = { matrix: { kubernetes: 'v1.34.11', calico: 'v3.31.2' } };
      const { steps } = (await workflow('podreach-nightly')).jobs.live ?? { steps: [] };
      const [run] = await runSteps(steps, repository, env, contexts);
      expect(run?.exitCode, run?.all).to.equal(0);
      expect(await calls()).to.deep.equal([
        ...['--yes', 'podreach@0.1.0', 'run', '--node-image', 'kindest/node:v1.34.11', '--calico', 'v3.31.2'],
        '--reporter',
        `terminal,github,markdown=${env.GITHUB_STEP_SUMMARY},html=podreach-run.html,junit=podreach-junit.xml,json=podreach-run.json`,
        ...['--', 'tests/network'],
      ]);
    });
  });

  describe('of podreach init --ci gitlab', () => {
    interface Job {
      readonly script: readonly string[];
      readonly parallel?: unknown;
    }
    let jobs: Readonly<Record<string, Job>>;
    before(async () => {
      const { all, exitCode } = await podreach('init', '--ci', 'gitlab', 'tests/network');
      expect(exitCode, all).to.equal(0);
      expect(all).to.equal('wrote .gitlab/podreach.yml and .gitlab-ci.yml');
      jobs = parse(await read('.gitlab/podreach.yml'));
    });

    it('have the structure that GitLab wants', async () => {
      expect(parse(await read('.gitlab-ci.yml'))).to.deep.equal({ include: [{ local: '.gitlab/podreach.yml' }] });
      // https://docs.gitlab.com/ci/yaml/: those keywords of a job that may stand here.
      const keywords = [
        ...['artifacts', 'cache', 'extends', 'image', 'parallel', 'rules', 'script', 'tags', 'timeout', 'variables'],
      ];
      expect(Object.keys(jobs)).to.deep.equal(['.podreach', 'podreach', 'podreach-live']);
      for (const job of Object.values(jobs)) expect(keywords).to.include.members(Object.keys(job));
      for (const name of ['podreach', 'podreach-live'])
        for (const line of jobs[name]?.script ?? [undefined]) expect(line).to.be.a('string');
      expect(jobs['podreach-live']?.parallel).to.have.nested.property('matrix[0].CALICO').that.is.an('array');
    });

    it("are what GitLab's own JSON schema allows, and make a job for each pair of versions", async () => {
      // It includes only what git knows.
      await git('add', '.gitlab', '.gitlab-ci.yml');
      const names = await gitlabJobs(repository);
      expect(names).to.include('podreach');
      expect(names.filter((name) => name.startsWith('podreach-live: [v1.'))).to.have.lengthOf(4);
      expect(names).to.have.lengthOf(5);
    });

    it('run as they are written', async () => {
      const { stdout: sha } = await git('rev-parse', 'origin/main');
      const gitlab = {
        ...{ PATH: env.PATH as string, CI: 'true', GITLAB_CI: 'true', CI_MERGE_REQUEST_DIFF_BASE_SHA: sha },
        ...{ KUBERNETES: 'v1.34.11', CALICO: 'v3.31.2' },
      };
      const stepsOf = (name: string) => jobs[name]?.script.map((run) => ({ run })) ?? [];
      const [compare, model] = await runSteps(stepsOf('podreach'), repository, gitlab);
      expect([compare?.exitCode, model?.exitCode], `${compare?.all}${model?.all}`).to.deep.equal([0, 1]);
      expect(compare?.all).to.contain('opened');
      expect(await read('podreach-junit.xml')).to.contain('<failure');
      await runSteps(stepsOf('podreach-live'), repository, gitlab);
      expect(await calls())
        .to.include.members(['kindest/node:v1.34.11', 'v3.31.2'])
        .and.to.satisfy((args: readonly string[]) => args.at(-1) === 'tests/network');
    });
  });

  describe('of users of the action', () => {
    interface Action {
      readonly inputs: Readonly<Record<string, { readonly default: string }>>;
      readonly runs: { readonly using: string; readonly steps: readonly Step[] };
    }
    let action: Action;
    before(async () => {
      action = parse(await readFile(join(root, 'action.yml'), 'utf8'));
    });

    const runAction = (inputs: Readonly<Record<string, string>>) => {
      const preset = Object.entries(action.inputs).map(([name, input]) => [name, String(input.default)]);
      return runSteps(action.runs.steps, repository, env, { inputs: { ...Object.fromEntries(preset), ...inputs } });
    };

    it('are sound, and so is what the action does', async () => {
      const used = join(base, 'used.yml');
      const uses = { uses: './', with: { paths: 'tests/network', 'kubernetes-version': 'v1.34.11', shard: '1/3' } };
      const job = { 'runs-on': 'ubuntu-24.04', steps: [{ uses: 'actions/checkout@v5' }, uses] };
      await writeFile(used, JSON.stringify({ on: 'push', jobs: { used: job } }));
      // A composite action has the steps of a job.
      const inside = join(base, 'inside.yml');
      const inputs = Object.fromEntries(Object.keys(action.inputs).map((name) => [name, { type: 'string' }]));
      const steps = action.runs.steps;
      const own = { 'runs-on': 'ubuntu-24.04', steps };
      await writeFile(inside, JSON.stringify({ on: { workflow_call: { inputs } }, jobs: { own } }));
      await requireLinted([used, inside]);
      for (const { run = '' } of steps) expect(run).not.to.contain('${{');
      expect(action.runs.using).to.equal('composite');
    });

    it('get the published package of the same version', async () => {
      const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
      expect(action.inputs.version?.default).to.equal(version);
    });

    it('run podreach by five lines', async () => {
      const [ran] = await runAction({ command: 'model', paths: 'tests/network' });
      expect(ran?.exitCode, ran?.all).to.equal(1);
      expect(ran?.all).to.contain('::error').and.to.contain('other/client -> shop/db 5432/TCP: expected deny');
    });

    it('have every input reach podreach as it is, whatever it holds', async () => {
      const path = 'a "path" with $(touch touched) and `touch touched`';
      const [ran] = await runAction({
        ...{ paths: `${path}\n\ntests/network\n`, version: '0.1.0', 'kubernetes-version': 'v1.34.11' },
        ...{ 'calico-version': 'v3.31.2', reporters: 'terminal,html=a b.html', shard: '1/3' },
      });
      expect(ran?.exitCode, ran?.all).to.equal(0);
      expect(await calls()).to.deep.equal([
        ...['--yes', 'podreach@0.1.0', 'run', '--node-image=kindest/node:v1.34.11', '--calico=v3.31.2'],
        ...['--reporter=terminal,html=a b.html', '--shard=1/3', '--', path, 'tests/network'],
      ]);
      expect(await read('touched').catch(() => 'none')).to.equal('none');
    });

    it('are told if the command is another one', async () => {
      const [ran] = await runAction({ command: 'cluster; true' });
      expect([ran?.exitCode, ran?.all]).to.deep.equal([2, 'the input command is run or model']);
    });
  });
});
