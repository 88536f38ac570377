import { join } from 'node:path';
import { expect } from 'chai';
import { runCli } from '../../../../src/commands/program.ts';
import { readRunFile } from '../../../../src/commands/run-file.ts';
import { json } from '../../../../src/report/reporters/index.ts';
import { failureOf } from '../../failure-of.ts';
import { runOf, sampleRun, scenarioOf, seen, stepOf } from '../../report/sample-run.ts';
import { type Files, withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const passing = scenarioOf([stepOf([seen(['a/x', 'a/y', '80/TCP', 'allowed'])])], { name: 'passing', file: 'p.yaml' });
const text = (...parts: Parameters<typeof json>) => [...json(...parts)].join('');

const merge = (files: Files, ...flags: readonly string[]) =>
  withFiles(files, async (folder) => {
    const terminal = fakeTerminal();
    const paths = Object.keys(files).map((name) => join(folder, name));
    const done = await runCli(['report', 'merge', ...paths, '--reporter', ...flags], terminal).then(
      (code) => ({ code }),
      ({ message }: Error) => ({ message }),
    );
    return { ...done, out: terminal.printed() };
  });

describe('podreach report merge', () => {
  it('writes the report of all, and ends as a run with all would', async () => {
    const files = { 'a.json': text(runOf(passing)), 'b.json': text(sampleRun) };
    const merged = await merge(files, 'list');
    expect(merged.out).to.match(/^passed {3}passing .*\nerror {4}small /);
    expect(merged).to.include({ code: 2 });
    expect(await merge({ 'a.json': text(runOf(passing)) }, 'list')).to.include({ code: 0 });
  });

  it('ends with what broke a part of the run, after the reports', async () => {
    const { out, ...done } = await merge({ 'a.json': text({ ...runOf(passing), problem: 'It broke.' }) }, 'json');
    expect(done).to.deep.equal({ message: 'It broke.' });
    expect(JSON.parse(out)).to.have.property('problem', 'It broke.');
  });

  for (const [content, words] of [
    ['{"token: s3cret', /a\.json is not the report of a run: it is not JSON$/],
    ['[]', /a\.json is not the report of a run: it is not a report of podreach, but a list$/],
  ] as const)
    it(`names a file that is no report: ${content}`, async () => {
      expect(await merge({ 'a.json': content }, 'list'))
        .to.have.property('message')
        .that.matches(words);
    });

  it('says that a file is not there, and reads no more than it may', async () => {
    await withFiles({ 'a.json': text(runOf(passing)) }, async (folder) => {
      expect(await failureOf(readRunFile(join(folder, 'b.json'))))
        .to.have.property('message')
        .that.contains('ENOENT');
      expect(await failureOf(readRunFile(folder)))
        .to.have.property('message')
        .that.contains('EISDIR');
      const short = await failureOf(readRunFile(join(folder, 'a.json'), 100));
      expect(short).to.have.property('message').that.contains('is too large: at most 100 characters');
    });
  });
});
