import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ChoiceFlags } from '../../../../src/commands/flags/scenarios.ts';
import { runCli } from '../../../../src/commands/program.ts';
import { chosenScenarios, type ShardFlags } from '../../../../src/commands/selection/chosen-scenarios.ts';
import { keepResults } from '../../../../src/commands/selection/last-results.ts';
import type { ScenarioResult, Status } from '../../../../src/matrix/index.ts';
import { json } from '../../../../src/report/reporters/index.ts';
import { failureOf } from '../../failure-of.ts';
import { ownCacheHome } from '../../host/cache-home.ts';
import { runOf, scenarioOf } from '../../report/sample-run.ts';
import { type Files, withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const written = (more: string) => `namespaces: {prod: {pods: {web: {ports: [80]}, client: {}}}}\npolicies: []\n${more}`;
const files: Files = {
  'a.scenario.yaml': written('tags: [nightly, dns]\n'),
  'b.scenario.yaml': written(''),
  'c.scenario.yaml': written('only: false\n'),
};

const choose = async (folder: string, flags: ChoiceFlags & ShardFlags) => {
  const terminal = fakeTerminal();
  const scenarios = await chosenScenarios([folder], flags, terminal);
  return { names: scenarios.map(({ name }) => name).join(''), notes: terminal.notes, scenarios };
};

describe('chosenScenarios', () => {
  const cacheHome = ownCacheHome();
  const became = async (folder: string, statuses: Readonly<Record<string, Status>>) => {
    const { scenarios } = await choose(folder, {});
    const results = scenarios.flatMap(({ name, file }): readonly ScenarioResult[] => {
      const status = statuses[name];
      return status ? [{ ...scenarioOf([], { name, file }), status }] : [];
    });
    await keepResults(results);
  };

  it('are those that did not pass when they last ran', () =>
    withFiles(files, async (folder) => {
      const before = await failureOf(choose(folder, { lastFailed: true }));
      expect(before.message).to.equal('--last-failed: no run in this folder is known');
      await became(folder, { a: 'fail', b: 'pass', c: 'error' });
      expect(await choose(folder, { lastFailed: true })).to.deep.include({
        names: 'ac',
        notes: ['2 of 3 scenarios did not pass when last run'],
      });
      // A later run of some says nothing about the others.
      await became(folder, { a: 'pass' });
      expect((await choose(folder, { lastFailed: true })).names).to.equal('c');
      await became(folder, { c: 'pass' });
      expect(await choose(folder, { lastFailed: true })).to.deep.include({
        names: '',
        notes: ['no scenario of these failed when it last ran'],
      });
      expect(await readdir(join(cacheHome(), 'podreach', 'last-results'))).to.have.length(1);
    }));

  it('do without results that nobody can read or write', () =>
    withFiles(files, async (folder) => {
      await became(folder, { a: 'fail' });
      const kept = join(cacheHome(), 'podreach', 'last-results');
      const [name = ''] = await readdir(kept);
      for (const content of ['{', '{"version":2}', '{"version":1,"scenarios":[null,{"name":7}]}']) {
        await writeFile(join(kept, name), content);
        const answer = await choose(folder, { lastFailed: true }).catch(({ message }: Error) => message);
        expect(answer).to.satisfy((it: typeof answer) =>
          typeof it === 'string' ? it.includes('no run') : it.names === '',
        );
      }
      process.env.XDG_CACHE_HOME = join(folder, 'a.scenario.yaml');
      await became(folder, { a: 'fail' });
    }));

  it('are a shard by the times of an earlier run', () =>
    withFiles(files, async (folder) => {
      const { scenarios } = await choose(folder, {});
      const took = scenarios.map(({ name, file }, at) =>
        scenarioOf([], { name, file, timings: { deployMs: [10, 20, 40][at] ?? 0 } }),
      );
      const shardTimes = join(folder, 'run.json');
      await writeFile(shardTimes, [...json(runOf(...took))].join(''));
      expect((await choose(folder, { shardTimes, shard: { index: 1, count: 2 } })).names).to.equal('c');
      expect((await choose(folder, { shardTimes, shard: { index: 2, count: 2 } })).names).to.equal('ab');
      const { message } = await failureOf(choose(folder, { shardTimes }));
      expect(message).to.equal('--shard-times has no effect without --shard');
    }));

  it('are those with only, which is said', () =>
    withFiles({ ...files, 'c.scenario.yaml': written('only: true\n') }, async (folder) => {
      const { names, notes } = await choose(folder, {});
      expect({ names, notes }).to.deep.equal({ names: 'c', notes: ['only 1 of 3 scenarios: "c" has `only: true`'] });
    }));
});

describe('selection on the command line', () => {
  const answerTo = async (...argv: readonly string[]) => {
    const terminal = fakeTerminal();
    const code = await runCli(argv, terminal);
    return { code, out: terminal.printed(), notes: terminal.notes };
  };

  for (const command of ['run', 'model'])
    it(`lists what ${command} would take, and does nothing else`, () =>
      withFiles(files, async (folder) => {
        const { code, out } = await answerTo(command, folder, '--list', '--grep-invert', 'c');
        expect({ code, out: out.replaceAll(/ \S*\//g, ' ') }).to.deep.equal({
          code: 0,
          out: 'a  a.scenario.yaml  nightly, dns\nb  b.scenario.yaml\n2 scenarios\n',
        });
      }));

  it('passes without a scenario if that may be, with an empty report for machines', () =>
    withFiles(files, async (folder) => {
      const none = ['--tag', 'slow', '--pass-with-no-tests'];
      expect(await answerTo('model', folder, ...none)).to.deep.equal({
        ...{ code: 0, out: '', notes: ['no scenario is selected'] },
      });
      const { code, out } = await answerTo('run', folder, ...none, '--reporter', 'json');
      expect({ code, scenarios: JSON.parse(out).scenarios }).to.deep.equal({ code: 0, scenarios: [] });
    }));
});
