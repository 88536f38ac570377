import { expect } from 'chai';
import { liveProgress, statusText } from '../../src/live-progress.ts';
import { silent } from '../../src/progress.ts';
import { failureOf } from './failure-of.ts';

const cells = { done: 1_200, total: 4_000 };

describe('statusText', () => {
  for (const [what, text, ...given] of [
    ['nothing yet', '  0:05', 5_999, [], undefined],
    ['work', '  1:05  creating the cluster x (5.0 s)', 65_000, ['creating the cluster x (5.0 s)'], undefined],
    [
      'no cell yet',
      '  0:10  starting the pods of a',
      10_000,
      [],
      { phases: ['starting the pods of a'], cells: { done: 0, total: 9 } },
    ],
    [
      'no time left yet',
      '  0:10  1,200/4,000 cells  probing a and 2 others',
      10_000,
      ['work'],
      { phases: ['probing a', 'probing b'], cells },
    ],
    [
      'seconds left',
      '  0:10  1,200/4,000 cells, about 50 s left  probing a',
      10_000,
      [],
      { phases: ['probing a'], cells, leftMs: 41_000 },
    ],
    [
      'minutes left',
      '  0:10  1,200/4,000 cells, about 2 min left  probing a',
      10_000,
      [],
      { phases: ['probing a'], cells, leftMs: 61_000 },
    ],
  ] as const)
    it(`says of a run with ${what}: ${text}`, () => {
      expect(statusText(...(given as unknown as Parameters<typeof statusText>))).to.equal(text);
    });
});

describe('liveProgress', () => {
  let lines: string[];
  let shown: string[];
  const create = () =>
    liveProgress({
      lines: {
        note: (text, weight) => void lines.push(`${text}${weight ? '!' : ''}`),
        during: (_what, work) => work(),
      },
      status: { show: (text) => void shown.push(text), hide: () => () => {}, end: () => void shown.push('end') },
      now: () => 0,
    });
  beforeEach(() => {
    [lines, shown] = [[], []];
  });

  it('has a line for what is done, and shows what is going on', async () => {
    const progress = create();
    const result = await progress.during('building', async () => {
      expect(shown.at(-1)).to.equal('  0:00  building (0 ms)');
      return 42;
    });
    progress.note('careful', 'important');
    await failureOf(progress.during('breaking', () => Promise.reject(new Error('no'))));
    expect(result).to.equal(42);
    expect(lines).to.deep.equal(['building: done in 0 ms', 'careful!', 'breaking: failed after 0 ms']);
    expect(shown.at(-1)).to.equal('  0:00');
    progress.end();
    expect(shown.at(-1)).to.equal('end');
  });

  it('has a clock from the first long work on', async () => {
    let tick = (): void => {};
    const progress = liveProgress({
      lines: silent,
      status: { show: (text) => void shown.push(text), hide: () => () => {}, end: () => {} },
      now: () => 0,
      eachSecond: (work) => {
        tick = work;
        return () => {};
      },
    });
    tick();
    expect(shown).to.deep.equal([]);
    await progress.during('building', async () => tick());
    expect(shown).to.deep.equal(['  0:00  building (0 ms)', '  0:00  building (0 ms)', '  0:00']);
  });

  it('shows nothing that controls a terminal', () => {
    const progress = create();
    progress.doing?.({ phases: ['probing \x1b[2J\u202e'], cells });
    progress.end();
    expect(shown[0]).to.equal('  0:00  1,200/4,000 cells  probing \\x1b[2J\\u{202e}');
  });
});
