import { expect } from 'chai';
import { eventText, watchExitCode, watchJson, watchScreen, watchSummary } from '../../../../src/report/watch/index.ts';
import type { WatchedCell, WatchResult } from '../../../../src/watch/index.ts';
import { widthOf } from '../../../../src/width.ts';

const T = Date.UTC(2026, 10, 27, 12, 3, 4, 100);
const cell = (from: string, more: Partial<WatchedCell> = {}): WatchedCell => ({
  ...{ from, to: 'prod/web', port: 80, protocol: 'TCP' as const },
  ...{ by: 'recorder' as const, open: true, seenMs: T + 10_000, samples: 100, lost: 0, flips: [], gaps: [] },
  ...more,
});
const flips = [
  { atMs: T + 1_000, open: false, afterMs: T + 950, lastedMs: null },
  { atMs: T + 2_300, open: true, afterMs: T + 2_250, lastedMs: 1_300 },
];
const gaps = [
  { fromMs: T + 500, toMs: T + 2_700 },
  { fromMs: T + 8_000, toMs: null },
];
const result = (...cells: readonly WatchedCell[]): WatchResult => ({ fromMs: T, toMs: T + 10_000, tickMs: 50, cells });
const flipped = cell('dev/a', { flips, lost: 1 });
const dark = cell('dev/b', { gaps, open: null });

describe('a watch, in words', () => {
  const probe = { from: 'dev/a', to: 'prod/\x1bweb', port: 80, protocol: 'TCP' as const };
  const [closed, opened] = flips.map((flip) => ({ kind: 'flip' as const, probe, ...flip }));
  const events: readonly (readonly [Parameters<typeof eventText>[0] | undefined, string])[] = [
    [closed, '12:03:05.100  closed  dev/a -> prod/\\x1bweb 80/TCP'],
    [opened, '12:03:06.400  opened  dev/a -> prod/\\x1bweb 80/TCP  after 1.3 s closed'],
    [
      opened && { ...opened, afterMs: T },
      '12:03:06.400  opened  dev/a -> prod/\\x1bweb 80/TCP  after about 1.3 s closed  (at some time since 12:03:04.100)',
    ],
    [
      { kind: 'dark', fromMs: T, probes: Array(7).fill(probe) },
      `12:03:04.100  no evidence  of 7 cells: ${Array(5).fill('dev/a -> prod/\\x1bweb 80/TCP').join(', ')} and 2 more`,
    ],
    [
      { kind: 'light', fromMs: T, toMs: T + 3_200, probes: [probe] },
      '12:03:07.300  evidence again  of 1 cell: dev/a -> prod/\\x1bweb 80/TCP, after 3.2 s',
    ],
    [
      { kind: 'broke', from: 'dev/a', atMs: T, reason: 'the pod is\ngone' },
      '12:03:04.100  no connections from dev/a: the pod is\\ngone',
    ],
    [{ kind: 'again', from: 'dev/a', atMs: T }, '12:03:04.100  connections again from dev/a'],
  ];
  for (const [event, text] of events)
    it(`says "${text.slice(14, 40)}"`, () => expect(event && eventText(event)).to.equal(text));

  it('sums up how long each cell was not as it had been, and when nothing was known', () => {
    expect(watchSummary(result(flipped, dark, cell('dev/c', { by: 'matrix', samples: 3 })))).to.deep.equal([
      'watched 3 cells for 10.0 s: 2 tried every 50 ms, 1 by repeated matrices, 203 connections, 1 lost packet',
      '2 flips of 1 cell:',
      '  dev/a -> prod/web 80/TCP: closed for 1.3 s, 1 time; open now',
      'without evidence for a time, 1 cell:',
      '  dev/b -> prod/web 80/TCP: 4.2 s, 2 times, the last from 12:03:12.100 to the end',
    ]);
    const stayed = cell('dev/a', { flips: flips.slice(0, 1), open: false });
    expect(watchSummary(result(stayed))[2]).to.equal(
      '  dev/a -> prod/web 80/TCP: closed for 9.0 s, 1 time; closed now',
    );
    expect(watchSummary(result(cell('dev/a'))).at(-1)).to.equal('nothing flipped');
  });

  it('fits into the width of a terminal', () => {
    for (const line of watchSummary(result(flipped, dark), 60)) expect(widthOf(line)).to.be.at.most(60);
  });

  it('gives the least and the most time where the connections around a flip are seconds apart', () => {
    const [closed, opened] = [
      { atMs: T + 3_000, open: false, afterMs: T + 1_000, lastedMs: null },
      { atMs: T + 8_000, open: true, afterMs: T + 6_500, lastedMs: 5_000 },
    ];
    // It was closed from between 1 and 3 s to between 6.5 and 8 s.
    expect(watchSummary(result(cell('dev/a', { by: 'matrix', flips: [closed, opened] })))[2]).to.equal(
      '  dev/a -> prod/web 80/TCP: closed for 3.5 s to 7.0 s, 1 time; open now',
    );
    expect(eventText({ kind: 'flip', probe, ...opened })).to.contain('after about 5.0 s closed  (at some time since');
  });

  it('ends with 1 if something flipped, else with 2 if nothing was known for a time', () => {
    expect(watchExitCode(result(cell('dev/a')))).to.equal(0);
    expect(watchExitCode(result(flipped))).to.equal(1);
    expect(watchExitCode(result(flipped, dark))).to.equal(1);
    expect(watchExitCode(result(dark))).to.equal(2);
    expect(watchExitCode(result())).to.equal(2);
  });

  it('is data in JSON', () => {
    const written = JSON.parse([...watchJson(result(flipped))].join(''));
    expect(written).to.deep.equal({ schema: 'podreach/watch/v1', ...result(flipped) });
  });

  it('is a matrix on a screen, with the log below, as wide as that', () => {
    const cells = [flipped, dark, cell('prod/web'), cell('dev/c', { open: false })];
    for (const width of [60, 200]) {
      const lines = watchScreen(result(...cells), ['12:03:05.100  closed  dev/a -> prod/web 80/TCP '.repeat(3)], {
        colour: false,
        width,
      });
      for (const line of lines) expect(widthOf(line)).to.be.at.most(width);
      const text = lines.join('\n');
      expect(text).to.match(/^watching for 10\.0 s, each cell every 50 ms; flips: 2; /);
      expect(text).to.match(/dev\/a +\.\n/);
      expect(text).to.match(/dev\/b +\[\?\]\n/);
      expect(text).to.match(/dev\/c +X\n/);
      expect(text).to.match(/prod\/web +#\n/);
      expect(text).to.contain('12:03:05.100  closed');
      expect(text).not.to.contain('\x1b');
    }
  });
});
