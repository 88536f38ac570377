import { join } from 'node:path';
import { expect } from 'chai';
import { evidenceFolder, usualEvidence } from '../../../../src/commands/run/evidence-folder.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { failureOf } from '../../failure-of.ts';
import { inFolder } from '../../scripts/temporary-folder.ts';

describe('the folder for evidence', () => {
  it('is there by itself in CI alone', () => {
    expect([{}, { GITHUB_ACTIONS: 'true' }, { GITLAB_CI: 'true' }].map(usualEvidence)).to.deep.equal([
      ...['none', 'podreach-evidence', 'podreach-evidence'],
    ]);
  });

  it('is made later, and may be there, but is no file', () =>
    inFolder({ file: '' }, async (folder) => {
      expect(await evidenceFolder('none')).to.equal(undefined);
      for (const path of [folder, join(folder, 'new')]) expect(await evidenceFolder(path)).to.equal(path);
      const failure = await failureOf(evidenceFolder(join(folder, 'file')));
      expect(failure).to.be.instanceOf(PodreachError);
      expect(failure.message).to.match(/file: it is not a folder$/);
    }));
});
