import { join } from 'node:path';
import { expect } from 'chai';
import type { OutputFlags } from '../../../../src/commands/flags/reports.ts';
import { chooseReports } from '../../../../src/commands/output/choose-reports.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { reporters } from '../../../../src/report/reporters/index.ts';
import { failureOf } from '../../failure-of.ts';
import { inFolder } from '../../scripts/temporary-folder.ts';

const refusal = async (flags: OutputFlags) => {
  const failure = await failureOf(chooseReports(flags));
  expect(failure).to.be.instanceOf(PodreachError);
  return failure;
};

describe('chooseReports', () => {
  it('refuses what is a folder, has no folder, or is not there to be written', () =>
    inFolder({}, async (folder) => {
      for (const way of [
        (file: string): OutputFlags => ({ reporter: ['json', 'terminal'], output: file }),
        (file: string): OutputFlags => ({ reporter: ['terminal', `json=${file}`] }),
      ]) {
        await chooseReports(way(join(folder, 'run.json')));
        expect((await refusal(way(folder))).message).to.contain('it is a folder');
        expect((await refusal(way(join(folder, 'no', 'run.json')))).message).to.contain('ENOENT');
        await chooseReports(way('/dev/null'));
      }
    }));

  it('gives each report its own place, and what is for no terminal to --output', () =>
    inFolder({}, async (folder) => {
      const [one, other] = [join(folder, 'a=b.json'), join(folder, 'run.txt')];
      const places = async (flags: OutputFlags) => (await chooseReports(flags)).map(({ name, file }) => [name, file]);
      expect(await places({ reporter: ['terminal', `json=${one}`] })).to.deep.equal([
        ['terminal', undefined],
        ['json', one],
      ]);
      expect(await places({ reporter: ['json', 'terminal'], output: one })).to.deep.equal([
        ['json', one],
        ['terminal', undefined],
      ]);
      expect(await places({ reporter: [`terminal=${other}`, `json=${one}`, 'json'] })).to.deep.equal([
        ['terminal', other],
        ['json', one],
        ['json', undefined],
      ]);
    }));

  it('refuses two reports in one place, however that is written, and a file for no report', () =>
    inFolder({}, async (folder) => {
      const file = join(folder, 'run');
      const twice = await refusal({ reporter: [`json=${file}`, `terminal=${folder}/./run`] });
      expect(twice.message).to.equal(`json and terminal can't both go to ${file}`);
      expect(twice.hint).to.contain('its own file');
      const output = { reporter: [`json=${file}`, 'json'], output: file };
      expect((await refusal(output)).message).to.equal(`json and json can't both go to ${file}`);
      expect((await refusal({ reporter: ['terminal', 'json'] })).message).to.contain('standard output');
      const none = await refusal({ reporter: ['terminal', `json=${file}`], output: `${file}.txt` });
      expect(none.message).to.equal('--output needs a report to write');
    }));

  it("loads a module of the user's own, which may share standard output", () =>
    inFolder(
      { 'mine.ts': 'export default (options: object) => ({ onEnd: () => typeof options });' },
      async (folder) => {
        const mine = join(folder, 'mine.ts');
        const [terminal, own] = await chooseReports({ reporter: ['terminal', mine] });
        expect(terminal?.create).to.equal(reporters.terminal);
        expect(own?.name).to.equal(mine);
        expect(own?.create({ colour: false }).onEnd?.({ scenarios: [], timings: {} })).to.equal('object');
      },
    ));

  it('says why a module is not a reporter', () => {
    const files = {
      'none.mjs': 'export const reporter = () => ({});',
      'broken.ts': 'throw new Error("no database");',
      'wrong.ts': 'export default () => {',
    };
    return inFolder(files, async (folder) => {
      const of = (name: string) => refusal({ reporter: [join(folder, name)] });
      expect((await of('gone.ts')).message).to.equal(`there is no reporter at ${join(folder, 'gone.ts')}`);
      const none = await of('none.mjs');
      expect(none.message).to.equal(`the default export of the reporter ${join(folder, 'none.mjs')} is not a function`);
      expect(none.hint).to.contain('export default');
      expect((await of('broken.ts')).message).to.match(/broken\.ts can't be loaded: Error: no database$/);
      expect((await of('wrong.ts')).message).to.contain("wrong.ts can't be loaded: SyntaxError");
    });
  });
});
