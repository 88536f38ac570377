import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { numbered, progressLines, quieted, silent } from '../../src/progress.ts';
import { failureOf } from './failure-of.ts';

describe('progressLines', () => {
  let lines: string[];
  let nowMs: number;
  beforeEach(() => {
    lines = [];
    nowMs = 5000;
  });
  const progress = () => progressLines((line) => void lines.push(line), { now: () => nowMs });

  it('writes each remark with the minutes and seconds since the start', () => {
    const { note } = progress();
    for (const atMs of [0, 999, 1000, 59_999, 60_000, 605_000, 6_000_000]) {
      nowMs = 5000 + atMs;
      note('here');
    }
    expect(lines).to.deep.equal([
      '  0:00  here',
      '  0:00  here',
      '  0:01  here',
      '  0:59  here',
      '  1:00  here',
      ' 10:05  here',
      '100:00  here',
    ]);
  });

  it('says when work begins and how long it took, and returns what it gave', async () => {
    const { during } = progress();
    nowMs = 7000;
    const result = await during('building kind', async () => {
      expect(lines).to.deep.equal(['  0:02  building kind …']);
      nowMs += 61_400;
      return 42;
    });
    expect(result).to.equal(42);
    expect(lines.slice(1)).to.deep.equal(['  1:03  building kind: done in 1 min 1 s']);
  });

  it('says that work failed, and fails as it did', async () => {
    const broken = new Error('no');
    const work = progress().during('building kind', () => {
      nowMs += 1500;
      return Promise.reject(broken);
    });
    expect(await failureOf(work)).to.equal(broken);
    expect(lines).to.deep.equal(['  0:00  building kind …', '  0:01  building kind: failed after 1.5 s']);
  });

  it('says again and again that long work goes on, and no more when it is done or failed', async () => {
    const beats = Promise.withResolvers<void>();
    const { during } = progressLines(
      (line) => {
        lines.push(line);
        nowMs += 30_000;
        if (lines.length === 3) beats.resolve();
      },
      { heartbeatMs: 3, now: () => nowMs },
    );
    await during('compiling', () => beats.promise);
    expect(lines).to.deep.equal([
      '  0:00  compiling …',
      '  0:30  still running: compiling (30.0 s)',
      '  1:00  still running: compiling (1 min 0 s)',
      '  1:30  compiling: done in 1 min 30 s',
    ]);
    await failureOf(during('linking', () => Promise.reject(new Error('no'))));
    const { length } = lines;
    await sleep(20);
    expect(lines).to.have.length(length);
  });
});

describe('progressLines of work at the same time', () => {
  it('says in one line what all goes on, until the last of it is done', async () => {
    const lines: string[] = [];
    const beats = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    let nowMs = 0;
    const { during } = progressLines(
      (line) => {
        lines.push(line);
        if (line.includes('still')) beats[line.includes('one') ? 0 : 1].resolve();
      },
      { heartbeatMs: 3, now: () => nowMs },
    );
    const one = during('one', () => beats[0].promise);
    nowMs = 20_000;
    const two = during('two', () => beats[1].promise);
    nowMs = 30_000;
    await Promise.all([one, two]);
    expect(lines).to.deep.equal([
      '  0:00  one …',
      '  0:20  two …',
      '  0:30  still running: one (30.0 s), two (10.0 s)',
      '  0:30  one: done in 30.0 s',
      '  0:30  still running: two (10.0 s)',
      '  0:30  two: done in 10.0 s',
    ]);
    await sleep(20);
    expect(lines).to.have.length(6);
  });
});

describe('numbered', () => {
  it('counts pieces of work as they begin, remarks not', async () => {
    const lines: string[] = [];
    const counted = numbered(
      progressLines((line) => void lines.push(line.slice(8)), { now: () => 0 }),
      12,
    );
    const ended = Promise.withResolvers<void>();
    const first = counted.during('one', () => ended.promise);
    counted.note('by the way');
    expect(await counted.during('two', async () => 2)).to.equal(2);
    ended.resolve();
    await first;
    expect(lines).to.deep.equal([
      '[1/12] one …',
      'by the way',
      '[2/12] two …',
      '[2/12] two: done in 0 ms',
      '[1/12] one: done in 0 ms',
    ]);
  });
});

describe('silent', () => {
  it('does the work', async () => {
    silent.note('nothing');
    expect(await silent.during('nothing', async () => 3)).to.equal(3);
  });
});

describe('quieted', () => {
  it('leaves the important remarks alone', async () => {
    const notes: string[] = [];
    const progress = quieted({ ...silent, note: (text) => void notes.push(text) });
    progress.note('a is up');
    progress.note('warning: a', 'important');
    expect(await progress.during('working', async () => 1)).to.equal(1);
    expect(notes).to.deep.equal(['warning: a']);
  });
});
