import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openTries, type Seen } from '../../../../src/commands/minimize/tries.ts';
import { type Subject, subjectOf } from '../../../../src/minimize/index.ts';
import { failureOf } from '../../failure-of.ts';
import { policyOf, topologyOf } from '../../run/fake-stage.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';

const cell = { from: 'prod/client', to: 'prod/web', port: 80, protocol: 'TCP' as const };
const subject = subjectOf({ topology: topologyOf(), policies: [policyOf('deny')] }, cell);
const smaller: Subject = { ...subject, policies: [] };
const seen: Seen = { decision: 'allow', verdict: 'dropped', flaky: false };

describe('the tries of a search', () => {
  it('are known to the next run, also if it was killed while it wrote', () =>
    withFiles({}, async (folder) => {
      const own = join(folder, 'a', 'small');
      const first = await openTries(own, subject);
      expect(first.known(smaller)).to.equal(undefined);
      await first.keep(smaller, seen);
      await writeFile(join(own, 'tries.json.new'), '{"schema": "podr');
      const second = await openTries(own, subject);
      expect(second.before).to.equal(1);
      expect(second.known(smaller)).to.deep.equal(seen);
      expect(await readdir(own)).to.deep.equal(['tries.json']);
      expect(await readFile(join(own, 'tries.json'), 'utf8')).not.to.contain('prod');
    }));

  it('belong to one cell of one scenario, in a folder of their own', () =>
    withFiles({ 'taken/notes.txt': '', 'broken/tries.json': '{}', 'cut/tries.json': '{' }, async (folder) => {
      const messageFor = async (name: string, of = subject) =>
        (await failureOf(openTries(join(folder, name), of))).message;
      await openTries(join(folder, 'new'), subject);
      expect(await messageFor('new', { ...subject, cell: { ...cell, port: 81 } })).to.contain(
        'the search of another cell',
      );
      expect(await messageFor('taken')).to.match(/taken is not empty$/);
      for (const name of ['broken', 'cut'])
        expect(await messageFor(name)).to.match(/tries\.json is not a file of tries$/);
      expect(await messageFor('taken/notes.txt')).to.contain("can't be made: ");
    }));
});
