import { expect } from 'chai';
import { type Entry, trendsOf } from '../../../../src/history/index.ts';
import { historyJson, historyLines } from '../../../../src/report/history/index.ts';
import { widthOf } from '../../../../src/width.ts';
import { entryOn } from '../../history/entries.ts';

const times = (medianMs: number) => ({ cells: 2, minMs: 5, medianMs, p95Ms: 300, maxMs: 300 });
const runs: readonly Entry[] = [
  entryOn(1, '..X', { opened: times(100) }),
  entryOn(2, '.XX', { status: 'fail' }),
  entryOn(3, '..X', { opened: times(240) }),
  entryOn(4, '..X', { opened: times(120) }),
];
const shown = (entries: readonly Entry[], more: Partial<Parameters<typeof historyLines>[1]> = {}) =>
  historyLines(trendsOf(entries), { colour: false, full: false, width: 100, ...more });

describe('the history in the terminal', () => {
  it('lists what changed, counts the rest, and draws the times', () => {
    expect(shown(runs).slice(0, 6)).to.deep.equal([
      'shop',
      '  4 runs, 2026-11-01 02:00 to 2026-11-04 02:00 UTC, 1 not passed',
      '  dev/a -> prod/web 81/TCP  allowed  since 2026-11-03 02:00  2 changes, flaps  .X..',
      '  2 cells never changed',
      '  time to enforce, opened: median 120 ms, max 300 ms; medians 100 ms to 240 ms  ▁ █▂',
      '',
    ]);
  });

  it('lists all cells if it is asked to', () => {
    expect(shown(runs, { full: true }).slice(2, 5)).to.deep.equal([
      '  dev/a -> prod/web 81/TCP  allowed  since 2026-11-03 02:00  2 changes, flaps  .X..',
      '  dev/a -> prod/web 80/TCP  allowed  always                  0 changes         ....',
      '  dev/a -> prod/web 82/TCP  dropped  always                  0 changes         XXXX',
    ]);
  });

  it('names the step of several, and lets no name steer the terminal', () => {
    const [name, , cell] = shown([
      entryOn(1, '.', { step: '\x1b[2Jtwo', rows: [['a\nb', '.']] }),
      entryOn(2, 'X', { step: '\x1b[2Jtwo', rows: [['a\nb', 'X']] }),
    ]);
    expect(name).to.equal('shop: \\x1b[2Jtwo');
    expect(cell).to.contain('  a\\nb -> prod/web 80/TCP  dropped  since 2026-11-02 02:00  1 change  .X');
  });

  it('keeps to the width, and shows the latest runs if there is no room for all', () => {
    const many = Array.from({ length: 28 }, (_, at) =>
      entryOn(at + 1, at % 2 ? '.X' : 'X.', { closed: times(100 + at) }),
    );
    for (const width of [40, 60, 100, 200]) {
      const lines = shown(many, { width });
      for (const line of lines) expect(widthOf(line), line).to.be.at.most(width);
      const marks = lines.flatMap((line) => / ((?:\.X)+\.?|(?:X\.)+X?)$/.exec(line)?.[1] ?? []);
      expect(marks.map((one) => one.at(-1))).to.deep.equal(['.', 'X']);
    }
    expect(shown(many, { width: 200 }).join('\n')).to.contain('X.'.repeat(14));
  });

  it('is coloured only if it may be', () => {
    expect(shown(runs).join('')).not.to.contain('\x1b');
    expect(shown(runs, { colour: true }).join('')).to.contain('\x1b[33mdev/a -> prod/web 81/TCP\x1b[39m  ');
  });
});

describe('the history in JSON', () => {
  it('has the verdicts of each run', () => {
    const { schema, steps } = JSON.parse([...historyJson(trendsOf([...runs, entryOn(5, '~')]))].join(''));
    expect(schema).to.equal('podreach/history/v1');
    expect(steps).to.have.length(1);
    expect(steps[0]).to.deep.include({ scenario: 'shop', file: 'shop/scenario.yaml', step: 'shop' });
    expect(steps[0].runs[0]).to.deep.equal({ at: '2026-11-01T02:00:00.000Z', status: 'pass', opened: times(100) });
    expect(steps[0].cells[1]).to.deep.equal({
      ...{ from: 'dev/a', to: 'prod/web', port: 81, protocol: 'TCP' },
      ...{ since: '2026-11-03T02:00:00.000Z', before: '2026-11-02T02:00:00.000Z', changes: 2, flaps: true },
      ...{ now: 'allowed', verdicts: ['allowed', 'dropped', 'allowed', 'allowed', null] },
    });
    expect(steps[0].cells[0]).to.include({ port: 80, now: 'flaky' });
  });
});
