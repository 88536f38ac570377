import { mkdtemp, readdir, readFile, rm, symlink, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { withGitTree } from '../../src/commands/compare/git/tree.ts';
import { loadSide } from '../../src/commands/compare/load.ts';
import { sidesOf } from '../../src/commands/compare/sides.ts';
import { PodreachError } from '../../src/errors.ts';
import { failureOf } from '../unit/failure-of.ts';
import { policy } from '../unit/scenario/temporary-folder.ts';
import { inFolder } from '../unit/scripts/temporary-folder.ts';
import { withRepository } from './git-repository.ts';

const pod = (name: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: prod}
spec: {containers: [{name: main, image: x, ports: [{containerPort: 80}]}]}
`;

const files = { 'k8s/pods.yaml': pod('web'), 'k8s/policies/deny.yaml': policy('deny', 'prod') };

const leftovers = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('podreach-git-'));

describe('git revisions to compare', () => {
  // Other tests compare revisions at the same time.
  const { TMPDIR } = process.env;
  before(async () => {
    process.env.TMPDIR = await mkdtemp(join(tmpdir(), 'podreach-own-'));
  });
  after(async () => {
    await rm(tmpdir(), { recursive: true });
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  });

  it('reads both revisions of a range, and calls their files by revision', () =>
    withRepository(async ({ folder, commit }) => {
      await commit('v1', files);
      await commit('v2', { 'k8s/policies/deny.yaml': policy('other', 'prod'), 'k8s/pods.yaml': pod('api') });
      const known = await leftovers();
      const sides = await sidesOf(['v1..v2', 'k8s/'], folder);
      const loaded = await Promise.all(sides.map((side) => loadSide(side, [], {})));
      const told = loaded.map(([scenario]) => {
        const [step] = scenario?.steps ?? [];
        const [one] = step?.policies ?? [];
        return [
          scenario?.name,
          one?.name,
          one?.file,
          one?.spec.placeOf?.(['spec']).file,
          step?.topology.namespaces[0]?.pods[0]?.name,
        ];
      });
      expect(told).to.deep.equal([
        ['k8s', 'deny', 'v1:k8s/policies/deny.yaml', 'v1:k8s/policies/deny.yaml', 'web'],
        ['k8s', 'other', 'v2:k8s/policies/deny.yaml', 'v2:k8s/policies/deny.yaml', 'api'],
      ]);
      expect(await leftovers()).to.deep.equal(known);
    }));

  it('calls the first of repeated policies by its revision too', () =>
    withRepository(async ({ folder, commit }) => {
      await commit('v1', { ...files, 'k8s/policies/z.yaml': files['k8s/policies/deny.yaml'] });
      const [side] = await sidesOf(['v1..v1', 'k8s'], folder);
      const [scenario] = await loadSide(side, [], {});
      expect(scenario?.notes?.filter(({ kind }) => kind === 'repeated')).to.deep.include.members([
        {
          ...{ kind: 'repeated', file: 'v1:k8s/policies/z.yaml', line: 3, column: 18, name: 'prod/deny' },
          first: 'v1:k8s/policies/deny.yaml:1',
        },
      ]);
    }));

  it('removes what killed processes left, once it is old, and says what is there meanwhile', () =>
    inFolder({ 'podreach-git-old/x': '', 'podreach-git-new/x': '', 'others-old/x': '' }, (temporary) =>
      withRepository(async ({ folder, commit, git }) => {
        await commit('v1', files);
        const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1000);
        for (const name of ['podreach-git-old', 'others-old']) await utimes(join(temporary, name), longAgo, longAgo);
        const before = process.env.TMPDIR;
        process.env.TMPDIR = temporary;
        try {
          const unfinished = new Set<string>();
          const paths = { commit: await git('rev-parse', 'v1'), name: 'v1', paths: ['k8s'], folder };
          const during = await withGitTree(paths, async () => [...unfinished], unfinished);
          expect(during).to.have.lengthOf(1);
          expect(during[0]).to.match(/podreach-git-/);
          expect([...unfinished]).to.deep.equal([]);
          expect((await readdir(temporary)).sort()).to.deep.equal(['others-old', 'podreach-git-new']);
        } finally {
          if (before === undefined) delete process.env.TMPDIR;
          else process.env.TMPDIR = before;
        }
      }),
    ));

  it('compares with three dots what was added since the branch left', () =>
    withRepository(async ({ folder, commit, git }) => {
      await commit('v1', files);
      await git('checkout', '--quiet', '-b', 'branch');
      await commit('v2', { 'k8s/pods.yaml': pod('api') });
      await git('checkout', '--quiet', 'main');
      await commit('v3', { 'k8s/pods.yaml': pod('unrelated') });
      const [before] = await sidesOf(['main...branch', 'k8s'], folder);
      const [scenario] = await loadSide(before, [], {});
      expect(scenario?.steps[0].topology.namespaces[0]?.pods[0]?.name).to.equal('web');
      expect(scenario?.steps[0].policies[0]?.file).to.equal('main:k8s/policies/deny.yaml');
    }));

  it('reads REVISION:PATH from the top of the repository, or from the folder if it begins with a dot', () =>
    withRepository(async ({ folder, commit }) => {
      await commit('v1', files);
      const below = join(folder, 'k8s');
      const [one, other] = await sidesOf(['v1:k8s/policies', 'HEAD:./policies'], below);
      expect([one.paths, other.paths]).to.deep.equal([['k8s/policies'], ['k8s/policies']]);
      const range = await sidesOf(['v1..HEAD'], below);
      expect(range.map(({ paths }) => paths)).to.deep.equal([['k8s'], ['k8s']]);
    }));

  it('takes every scenario at any depth where a range names no path, those of podreach.yaml, or manifests if there is none', () =>
    withRepository(async ({ folder, commit }) => {
      await commit('v0', files);
      await commit('v1', {
        'shop/scenario.yaml': 'from: ../k8s\n',
        'tests/network/deep/db/scenario.yaml': 'from: ../../../../k8s\n',
      });
      await commit('v2', { 'podreach.yaml': 'scenarios: [tests/network/deep]\n' });
      const namesOf = async (range: string, where = folder) => {
        const sides = await sidesOf([range], where);
        const loaded = await Promise.all(sides.map((side) => loadSide(side, [], {})));
        return loaded.map((scenarios) => scenarios.map(({ name }) => name));
      };
      const names = await namesOf('v1..v2');
      expect(names).to.deep.equal([['shop', 'db'], ['db']]);
      expect(await namesOf('v0..v1', join(folder, 'k8s'))).to.deep.equal([['k8s'], ['k8s']]);
      const [before] = await namesOf('v0..v1');
      expect(before).to.have.lengthOf(1);
    }));

  it('takes a revision without any for an empty one where a range names no path, but not both', () =>
    withRepository(async ({ folder, commit }) => {
      await commit('v1', { '.github/workflows/x.yaml': 'on: push\n' });
      await commit('v2', { ...files, 'tests/shop/scenario.yaml': 'name: shop\nfrom: ../../k8s\n' });
      const sides = await sidesOf(['v1..v2'], folder);
      const loaded = await Promise.all(sides.map((side) => loadSide(side, [], {})));
      expect(loaded.map((scenarios) => scenarios.map(({ name }) => name))).to.deep.equal([[], ['shop']]);
      const [before] = await sidesOf(['v1:.', '-'], folder);
      const failure = (await failureOf(loadSide(before, [], {}))) as PodreachError;
      expect(failure.message).to.equal('v1: no scenario and no Kubernetes manifest in v1');
    }));

  it('reads the manifests that a scenario of a revision takes from elsewhere in its repository', () =>
    withRepository(async ({ folder, commit, git }) => {
      await commit('v1', {
        ...files,
        'scenarios/shop/scenario.yaml': 'name: shop\nfrom: ../../k8s/**\npolicies: []\n',
        'README.md': 'not read',
      });
      const [side] = await sidesOf(['v1:scenarios/shop', '-'], folder);
      const [scenario] = await loadSide(side, [], {});
      expect(scenario?.file).to.equal('v1:scenarios/shop/scenario.yaml');
      expect(scenario?.steps[0].policies.map(({ file }) => file)).to.deep.equal(['v1:k8s/policies/deny.yaml']);
      const shop = { commit: await git('rev-parse', 'v1'), name: 'v1', paths: ['scenarios/shop'], folder };
      await withGitTree(shop, async ({ root }) => {
        expect((await readdir(root)).sort()).to.deep.equal(['.git', 'k8s', 'scenarios']);
      });
    }));

  it('names the file of a problem by its revision, and leaves nothing behind', () =>
    withRepository(async ({ folder, commit }) => {
      await commit('v1', { ...files, 'k8s/broken.yaml': 'kind: NetworkPolicy\napiVersion: networking.k8s.io/v1\n' });
      const known = await leftovers();
      const [side] = await sidesOf(['v1:k8s', '-'], folder);
      const failure = (await failureOf(loadSide(side, [], {}))) as PodreachError;
      expect(failure.message).to.match(/^v1:k8s\/broken\.yaml:1:1: /);
      expect(await leftovers()).to.deep.equal(known);
    }));

  it('takes no word for an option of git, and says what it does not know', () =>
    withRepository(async ({ folder, commit }) => {
      await commit('v1', files);
      const refused: readonly (readonly [string, string])[] = [
        ['--output=stolen:k8s', '"--output=stolen" is not a revision'],
        ['-v:k8s', '"-v" is not a revision'],
        ['a b:k8s', '"a b" is not a revision'],
        ['nowhere:k8s', 'git knows no revision "nowhere" here'],
        ['v1:missing', 'v1 has nothing at "missing"'],
        ['v1:../outside', '"../outside" is outside the repository'],
      ];
      for (const [word, message] of refused) {
        const failure = await failureOf(
          (async () => {
            const [side] = await sidesOf([word, '-'], folder);
            await loadSide(side, [], {});
          })(),
        );
        expect(failure, word).to.be.instanceOf(PodreachError);
        expect((failure as PodreachError).message, word).to.equal(message);
      }
      expect(await readdir(folder)).to.have.members(['.git', 'k8s']);
    }));

  it('follows no link out of the revision', () =>
    withRepository(async ({ folder, commit }) => {
      await commit('v0', files);
      await symlink('/etc/passwd', join(folder, 'k8s/link.yaml'));
      await commit('v1', {});
      const [side] = await sidesOf(['v1:k8s', '-'], folder);
      const failure = (await failureOf(loadSide(side, [], {}))) as PodreachError;
      expect(failure.message).to.match(/^v1:k8s\/link\.yaml:1:1: outside the scenario's repository/);
      expect(failure.message).not.to.include('root:');
    }));

  it('runs nothing that the repository names', () =>
    withRepository(async ({ folder, commit, git }) => {
      await commit('v1', { ...files, '.gitattributes': '*.yaml filter=evil\n' });
      await git('config', 'filter.evil.smudge', `touch ${folder}/ran`);
      await git('config', 'core.fsmonitor', `touch ${folder}/ran`);
      const [side] = await sidesOf(['v1:k8s', '-'], folder);
      await loadSide(side, [], {});
      expect(await readdir(folder)).not.to.include('ran');
      expect(await readFile(join(folder, 'k8s/pods.yaml'), 'utf8')).to.equal(pod('web'));
    }));

  it('needs two sides, of which one may be standard input', async () => {
    const refused: readonly (readonly [readonly string[], string])[] = [
      [['k8s'], '"k8s" is compared with nothing'],
      [['a', 'b', 'c'], 'more than two sides to compare'],
      [['-', '-'], 'standard input can be only one of the two sides'],
    ];
    for (const [words, message] of refused)
      expect(((await failureOf(sidesOf(words))) as PodreachError).message).to.equal(message);
    expect((await sidesOf(['-', '../k8s'])).map(({ name }) => name)).to.deep.equal(['stdin', '../k8s']);
  });
});
