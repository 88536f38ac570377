import { join } from 'node:path';
import { expect } from 'chai';
import { testFiles } from '../../../scripts/suite-order.ts';
import { failureOf } from '../failure-of.ts';
import { inFolder } from './temporary-folder.ts';

const files = { 'a.test.ts': '', 'b.test.ts': '', 'b.ts': '', 'c/d.test.ts': '', 'alone/e.test.ts': '' };

describe('the order of test files', () => {
  it('begins with the longest, and leaves folders and other files out', () =>
    inFolder(files, async (folder) => {
      const order = await testFiles(folder, { first: ['c/d', 'b'], without: ['alone'] });
      expect(order).to.deep.equal(['c/d', 'b', 'a'].map((name) => join(folder, `${name}.test.ts`)));
    }));

  it('fails for a name that no file has any more', () =>
    inFolder(files, async (folder) => {
      const failure = await failureOf(testFiles(folder, { first: ['a', 'renamed'], without: [] }));
      expect(failure.message).to.equal(`${folder} has no test renamed`);
    }));
});
