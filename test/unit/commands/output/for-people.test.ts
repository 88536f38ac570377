import { expect } from 'chai';
import { readChoice } from '../../../../src/commands/flags/report-choice.ts';
import { inOrder, sectionsOf } from '../../../../src/commands/output/for-people.ts';

const choicesOf = (...names: readonly string[]) => names.map(readChoice);

describe('reports that share standard output', () => {
  it('end with the workflow commands', () => {
    const ordered = inOrder(choicesOf('github', 'json=run.json', 'terminal'));
    expect(ordered.map(({ name }) => name)).to.deep.equal(['json', 'terminal', 'github']);
  });

  it('have sections where a page folds them, on GitHub only while commands are stopped', () => {
    const github = { GITHUB_ACTIONS: 'true' };
    expect(sectionsOf(choicesOf('terminal', 'github'), github)).to.equal('github');
    expect(sectionsOf(choicesOf('terminal'), github)).to.equal(undefined);
    expect(sectionsOf(choicesOf('terminal', 'github=commands.txt'), github)).to.equal(undefined);
    expect(sectionsOf(choicesOf('terminal'), { GITLAB_CI: 'true' })).to.equal('gitlab');
    expect(sectionsOf(choicesOf('terminal', 'github'), {})).to.equal(undefined);
  });
});
