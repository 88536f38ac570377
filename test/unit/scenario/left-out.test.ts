import { join } from 'node:path';
import { expect } from 'chai';
import { leftOutOf } from '../../../src/scenario/left-out.ts';
import { withFiles } from './temporary-folder.ts';

const FILES = {
  'tests/a/b/scenario.yaml': '',
  ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`tests/a/b/${at}/scenario.yaml`, ''])),
};

const leftOut = (most: number) =>
  withFiles(FILES, async (folder) => {
    const [found] = await leftOutOf([join(folder, 'tests')], [], most);
    return { count: found?.count ?? 0, isCut: found?.isCut ?? null };
  });

describe('leftOutOf', () => {
  it('looks at no more entries than it may, and says that it did not see all', async () => {
    expect(await leftOut(1_000)).to.deep.equal({ count: 21, isCut: false });
    const { count, isCut } = await leftOut(30);
    expect(count).to.be.within(1, 20);
    expect(isCut).to.equal(true);
  });
});
