import { join } from 'node:path';
import { expect } from 'chai';
import { compare } from '../../../../src/commands/compare/compare.ts';
import { chosenScenarios } from '../../../../src/commands/selection/chosen-scenarios.ts';
import { shownPath } from '../../../../src/scenario/problem.ts';
import { type Files, withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const one = (name: string) => `name: ${name}\nnamespaces: {a: {pods: {x: {ports: [80]}, y: {}}}}\npolicies: []\n`;
const files: Files = {
  'tests/top/scenario.yaml': one('top'),
  'tests/top/old/scenario.yaml': one('old'),
  'tests/b/one/scenario.yaml': one('one'),
  'tests/b/two/deep/x.scenario.yaml': one('x'),
  'tests/a/one/scenario.yml': one('other'),
  'tests/c/d/scenario.yaml': one('d'),
  'tests/node_modules/m/n/scenario.yaml': one('m'),
  'tests/.hidden/m/scenario.yaml': one('h'),
};

const chosen = (own: Files, ...paths: readonly string[]) =>
  withFiles(own, async (folder) => {
    const terminal = fakeTerminal();
    const weights: unknown[] = [];
    const progress = {
      ...terminal.progress,
      note: (text: string, weight?: 'important') => {
        weights.push(weight);
        terminal.progress.note(text);
      },
    };
    const scenarios = await chosenScenarios(
      paths.map((path) => join(folder, path)),
      {},
      { ...terminal, progress },
    );
    const notes = terminal.notes.map((note) => note.replaceAll(`${shownPath(folder)}/`, ''));
    return { names: scenarios.map(({ name }) => name).toSorted(), notes, weights };
  });

describe('scenarios that are too deep in a folder', () => {
  const note =
    "5 scenarios in tests/a, tests/b, tests/c and 1 more are not taken: a folder is searched one level deep; 'tests/**' takes all below it";

  it('are counted once, with their folders and what takes them, and not in a quiet run', async () => {
    expect(await chosen(files, 'tests')).to.deep.equal({ names: ['top'], notes: [note], weights: [undefined] });
  });

  it('are taken with the pattern that the note names', async () => {
    expect(await chosen(files, 'tests/**')).to.deep.equal({
      names: ['d', 'old', 'one', 'other', 'top', 'x'],
      notes: [],
      weights: [],
    });
  });

  it('are not counted where one scenario was asked for, or another path takes them', async () => {
    expect((await chosen(files, 'tests/top')).notes).to.deep.equal([]);
    const { notes } = await chosen(files, 'tests', 'tests/a', 'tests/b/two/deep/x.scenario.yaml', 'tests/c');
    expect(notes).to.deep.equal([
      "2 scenarios in tests/b, tests/top are not taken: a folder is searched one level deep; 'tests/**' takes all below it",
    ]);
  });

  it('are counted once for both sides of a comparison', () =>
    withFiles(
      { ...files, ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`new/${path}`, text])) },
      async (folder) => {
        const terminal = fakeTerminal();
        await compare([join(folder, 'tests'), join(folder, 'new/tests')], { reporter: ['terminal'] }, terminal);
        const notes = terminal.notes.map((own) => own.replaceAll(`${shownPath(folder)}/`, ''));
        expect(notes).to.deep.equal([note.replaceAll('tests/', 'new/tests/')]);
      },
    ));
});
