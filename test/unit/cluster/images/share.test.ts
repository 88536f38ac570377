import { expect } from 'chai';
import { createShare } from '../../../../src/cluster/images/share.ts';
import { silent } from '../../../../src/progress.ts';

/** A share with a clock of its own, and what it reports when asked. */
const shareOf = (seconds: Readonly<Record<string, number>>) => {
  let now = 0;
  const share = createShare(seconds, () => now);
  return {
    share,
    pass: (passed: number) => {
      now += passed * 1000;
    },
    report: async () => {
      const notes: string[] = [];
      await share.reported({ ...silent, note: (text) => void notes.push(text) }, async () => undefined);
      return notes;
    },
  };
};

describe('createShare', () => {
  it('reports nothing as done, and how long two processors need, before a build', async () => {
    const { report } = shareOf({ one: 300, other: 300, last: 60 });
    // 660 s of work for two processors.
    expect(await report()).to.deep.equal(['building the images: about 0 % done, 6 min left']);
  });

  it('counts what is done and what is under way', async () => {
    const { share, pass, report } = shareOf({ long: 400, short: 100 });
    const short = Promise.withResolvers<void>();
    const works = [share.of('long', () => new Promise(() => undefined)), share.of('short', () => short.promise)];
    pass(100);
    short.resolve();
    await works[1];
    expect(await report()).to.deep.equal(['building the images: about 40 % done, 5 min left']);
  });

  it('expects a slow machine to go on being slow', async () => {
    const { share, pass, report } = shareOf({ one: 100, other: 300 });
    await share.of('one', async () => pass(200));
    expect(await report()).to.deep.equal(['building the images: about 25 % done, 10 min left']);
  });

  it('never takes a piece for done before it is', async () => {
    const { share, pass, report } = shareOf({ one: 100 });
    void share.of('one', () => new Promise(() => undefined));
    pass(1000);
    expect(await report()).to.deep.equal(['building the images: about 95 % done, 10 s left']);
  });

  it('returns what the work does, and fails as it does', async () => {
    const { share } = shareOf({ one: 1 });
    expect(await share.of('one', async () => 7)).to.equal(7);
    expect(await share.of('unknown', async () => 8)).to.equal(8);
    const failure = await share.reported(silent, () => Promise.reject(new Error('no'))).catch((error: Error) => error);
    expect(failure).to.include({ message: 'no' });
  });
});
