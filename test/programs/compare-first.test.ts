import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadSide } from '../../src/commands/compare/load.ts';
import { withoutMissing } from '../../src/commands/compare/missing.ts';
import { sidesOf } from '../../src/commands/compare/sides.ts';
import type { PodreachError } from '../../src/errors.ts';
import { failureOf } from '../unit/failure-of.ts';
import { policy } from '../unit/scenario/temporary-folder.ts';
import { withRepository } from './git-repository.ts';

const pod = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: prod}
spec: {containers: [{name: main, image: x, ports: [{containerPort: 80}]}]}
`;
const manifests = { 'k8s/pods.yaml': pod, 'k8s/policies/deny.yaml': policy('deny', 'prod') };

/** The names of the scenarios of both sides, and what is said. */
const compared = async (words: readonly string[], folder: string) => {
  const { sides, notes } = await withoutMissing(await sidesOf(words, folder), folder);
  const loaded = [];
  for (const side of sides) loaded.push((await loadSide(side, [], { mayBeEmpty: true })).map(({ name }) => name));
  return { loaded, notes };
};

describe('a git revision without the compared path', () => {
  it('is empty there if the other side has it', () =>
    withRepository(async ({ folder, commit }) => {
      await commit('v1', { 'README.md': 'nothing yet' });
      await commit('v2', { ...manifests, 'extra/pods.yaml': pod.replace('web', 'extra') });
      const isNew = 'v1 has nothing at "k8s", so all of it is new';
      for (const words of [
        ['v1...v2', 'k8s/'],
        ['v1:k8s', 'v2:k8s'],
      ])
        expect(await compared(words, folder)).to.deep.equal({ loaded: [[], ['k8s']], notes: [isNew] });
      expect(await compared(['v2..v1', 'k8s'], folder)).to.deep.equal({
        loaded: [['k8s'], []],
        notes: ['v1 has nothing at "k8s", so all of it is gone'],
      });
      expect((await compared(['v1..v2', '.'], join(folder, 'k8s'))).loaded).to.deep.equal([[], ['k8s']]);
    }));

  it('is read at the other paths', () =>
    withRepository(async ({ folder, commit }) => {
      await commit('v1', { 'k8s/pods.yaml': pod });
      await commit('v2', { 'policies/deny.yaml': policy('deny', 'prod') });
      expect(await compared(['v1..v2', 'k8s', 'policies'], folder)).to.deep.equal({
        loaded: [['k8s'], ['k8s, policies']],
        notes: ['v1 has nothing at "policies", so all of it is new'],
      });
    }));

  it('is looked up once, however many paths there are', () =>
    withRepository(async ({ folder, commit }) => {
      await commit('v1', { 'k8s/pods.yaml': pod });
      await commit('v2', { 'policies/deny.yaml': policy('deny', 'prod') });
      const log = join(folder, 'git.log');
      process.env.GIT_TRACE = log;
      try {
        for (const range of ['v1..v2', 'v1...v2']) {
          await writeFile(log, '');
          await compared([range, 'k8s', 'policies'], folder);
          const asked = (await readFile(log, 'utf8')).split('\n').filter((line) => line.includes('--verify'));
          expect(asked.map((line) => /v\d(?=\^)/.exec(line)?.[0]).sort()).to.deep.equal(['v1', 'v2']);
        }
      } finally {
        delete process.env.GIT_TRACE;
      }
    }));

  it('is compared with the working folder, too', () =>
    withRepository(async ({ folder, commit }) => {
      const before = process.cwd();
      await commit('v1', { 'README.md': 'nothing yet' });
      await commit('v2', manifests);
      process.chdir(folder);
      try {
        expect((await compared(['v1:k8s', 'k8s/'], '.')).loaded).to.deep.equal([[], ['k8s']]);
        await rm(join(folder, 'k8s'), { recursive: true });
        expect((await compared(['v2:k8s', 'k8s'], '.')).loaded).to.deep.equal([['k8s'], []]);
      } finally {
        process.chdir(before);
      }
    }));

  it('is refused if the other side has it neither, with the nearest name', () =>
    withRepository(async ({ folder, commit }) => {
      await commit('v1', { 'README.md': 'nothing yet' });
      await commit('v2', { 'deploy/policies/deny.yaml': policy('deny', 'prod') });
      const told: readonly (readonly [words: readonly string[], message: string, hint: string | undefined])[] = [
        [
          ['v1..v2', 'deploy/polices'],
          'neither v1 nor v2 has anything at "deploy/polices"',
          'did you mean deploy/policies?',
        ],
        [['v1..v2', 'deploy', 'x'], 'neither v1 nor v2 has anything at "x"', undefined],
        [['v1:deploi', 'v2:deploy'], 'v1 has nothing at "deploi"', undefined],
        [['v2:deploi', 'v1:deploi'], 'neither v2 nor v1 has anything at "deploi"', 'did you mean deploy?'],
      ];
      for (const [words, message, hint] of told) {
        const failure = (await failureOf(compared(words, folder))) as PodreachError;
        expect([failure.message, failure.hint], words.join(' ')).to.deep.equal([message, hint]);
      }
    }));

  it('has no manifest in a folder that has none', () =>
    withRepository(async ({ folder, commit }) => {
      await commit('v1', { 'k8s/README.md': 'nothing yet' });
      await commit('v2', manifests);
      expect((await compared(['v1..v2', 'k8s'], folder)).loaded).to.deep.equal([[], ['k8s']]);
    }));
});
