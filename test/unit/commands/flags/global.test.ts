import { expect } from 'chai';
import { readGlobalFlags } from '../../../../src/commands/flags/global.ts';

describe('readGlobalFlags', () => {
  it('finds them before and after the command, and between its arguments', () => {
    const all = { quiet: true, debug: true, color: false };
    expect(readGlobalFlags(['--quiet', '--debug', '--no-color', 'model', 'a'])).to.deep.equal(all);
    expect(readGlobalFlags(['model', 'a', '--no-color', '--debug', '--quiet'])).to.deep.equal(all);
    expect(readGlobalFlags(['--debug', 'cluster', '--quiet', 'up', '--no-color', '--keep'])).to.deep.equal(all);
  });

  it('finds none if none is given', () => {
    for (const argv of [[], ['model', '--grep', 'quiet', '--', '--debug']])
      expect(readGlobalFlags(argv)).to.deep.equal({});
  });
});
