import { expect } from 'chai';
import { trendsOf } from '../../../src/history/index.ts';
import { entryOn } from './entries.ts';

const day = (number: number): string => entryOn(number, '').at;

/** One cell with a mark for each day. */
const cellWith = (marks: string) => {
  const [trend] = trendsOf([...marks].map((mark, at) => entryOn(at + 1, mark)));
  expect(trend?.cells).to.have.length(1);
  return trend?.cells[0];
};

describe('trendsOf', () => {
  const cells: readonly (readonly [
    string,
    string,
    ReturnType<typeof cellWith> extends infer T ? Partial<T> : never,
  ])[] = [
    ['never changed', '...', { now: '.', since: day(1), before: null, changes: 0, flaps: false }],
    ['closed once', '..XX', { now: 'X', since: day(3), before: day(2), changes: 1, flaps: false }],
    ['went and came back', '.XX.', { now: '.', since: day(4), before: day(3), changes: 2, flaps: true }],
    ['was flaky once', '..~..', { now: '.', since: day(4), before: day(3), changes: 0, flaps: true }],
    [
      'broke once: no change, but then nothing was known',
      '.?..',
      { now: '.', since: day(3), before: day(2), changes: 0, flaps: false },
    ],
    ['is broken', '..?', { now: '?', since: day(3), before: day(2), changes: 0, flaps: false }],
    ['was not always probed', 'X X .', { now: '.', since: day(5), before: day(3), changes: 1, flaps: false }],
    ['is refused now, no longer silent', 'XR', { now: 'R', since: day(2), before: day(1), changes: 1, flaps: false }],
  ];
  for (const [what, marks, wanted] of cells)
    it(`says since when a cell is so that ${what}`, () =>
      expect(cellWith(marks)).to.deep.include({ ...wanted, marks }));

  it('sorts runs by their time, and separates steps, scenarios and files', () => {
    const trends = trendsOf([
      entryOn(3, 'X'),
      entryOn(1, '.'),
      entryOn(2, '.', { step: 'later' }),
      entryOn(2, '.', { file: 'other.yaml' }),
    ]);
    expect(trends.map(({ file, step, runs }) => [file, step, runs.map(({ at }) => at)])).to.deep.equal([
      ['shop/scenario.yaml', 'shop', [day(1), day(3)]],
      ['shop/scenario.yaml', 'later', [day(2)]],
      ['other.yaml', 'shop', [day(2)]],
    ]);
    expect(trends[0]?.cells[0]?.marks).to.equal('.X');
  });

  it('follows a cell by its ends, wherever it is in the matrix, and one that came late or went', () => {
    const [trend] = trendsOf([
      entryOn(1, '.X'),
      entryOn(2, '', {
        to: [
          ['prod/web', 81, 'TCP'],
          ['prod/web', 80, 'TCP'],
        ],
        rows: [
          ['dev/b', '..'],
          ['dev/a', 'X.'],
        ],
      }),
    ]);
    expect(trend?.cells.map(({ from, port, marks }) => `${from} ${port} "${marks}"`)).to.deep.equal([
      'dev/b 81 " ."',
      'dev/b 80 " ."',
      'dev/a 81 "XX"',
      'dev/a 80 ".."',
    ]);
    const [gone] = trendsOf([entryOn(1, '..'), entryOn(2, '.')]);
    expect(gone?.cells.map(({ port, marks }) => `${port} "${marks}"`)).to.deep.equal(['80 ".."', '81 ". "']);
  });

  it('names first what flaps, then what changed last', () => {
    const runs = ['..X.?', '.XX.?', 'XX..?', 'XXX.?'];
    const [trend] = trendsOf(runs.map((marks, at) => entryOn(at + 1, marks)));
    expect(trend?.cells.map(({ port }) => port)).to.deep.equal([82, 80, 81, 84, 83]);
  });
});
