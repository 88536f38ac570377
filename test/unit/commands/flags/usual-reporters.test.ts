import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { isAddedTo, usualReporters } from '../../../../src/commands/flags/usual-reporters.ts';
import { reportFile } from '../../../../src/commands/output/report-file.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';

describe('the reporters where nobody names any', () => {
  it('are those that the pages of the CI show', () => {
    expect(usualReporters({}, 'run')).to.deep.equal(['terminal']);
    expect(usualReporters({ GITHUB_ACTIONS: 'true' }, 'run')).to.deep.equal(['terminal', 'github']);
    expect(usualReporters({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '/tmp/s' }, 'compare')).to.deep.equal([
      ...['terminal', 'github', 'markdown=/tmp/s'],
    ]);
    expect(usualReporters({ GITLAB_CI: 'true' }, 'run')).to.deep.equal(['terminal', 'junit=podreach-junit.xml']);
    expect(usualReporters({ GITLAB_CI: 'true' }, 'compare')).to.deep.equal(['terminal']);
    expect(usualReporters({ GITHUB_ACTIONS: '', GITLAB_CI: 'false' }, 'run')).to.deep.equal(['terminal']);
  });

  it('add to the summary of a step, and replace any other file', () =>
    withFiles({}, async (folder) => {
      const summary = join(folder, 'summary.md');
      const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
      expect([isAddedTo(summary, env), isAddedTo('other', env), isAddedTo(summary, {})]).to.deep.equal([
        true,
        false,
        false,
      ]);
      await writeFile(summary, 'of an earlier command\n');
      for (const append of [true, false]) {
        const file = reportFile(summary, undefined, append);
        await file.write('a report\n');
        await file.finish();
        const kept = append ? 'of an earlier command\n' : '';
        expect(await readFile(summary, 'utf8')).to.equal(`${kept}a report\n`);
      }
    }));
});
