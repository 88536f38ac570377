import { expect } from 'chai';
import type { StepResult } from '../../../src/matrix/index.ts';
import { annotationsOf } from '../../../src/report/annotations.ts';
import { outcomeText } from '../../../src/report/outcome.ts';
import { faultLines, recordingLines } from '../../../src/report/recording.ts';
import { cell, recordingOf } from './recorded.ts';
import { seen, stepOf } from './sample-run.ts';

const FAULTY = recordingOf(
  [
    cell('dev/a', 'closed', { late: 1_990 }),
    cell('dev/b', 'opened', { late: 1 }),
    cell('dev/c', 'closed', { enforcedMs: 2_345.6 }),
    cell('dev/d', 'steady', {
      turns: [
        { atMs: -60, open: true },
        { atMs: -12.4, open: false },
        { atMs: 45, open: true },
      ],
    }),
    cell('dev/e', 'opened', { samples: 0, turns: [] }),
    cell('dev/f', 'steady'),
    cell('dev/g', 'closed', { enforcedMs: 2_345.6, gapMs: 1_234.5 }),
  ],
  { withinMs: 2_000, lateNodes: ['n2'] },
);

describe('the report of a recording', () => {
  it('has a row for each direction between nodes, and a timeline of what changed', () => {
    const cells = [
      cell('dev/a', 'closed', { enforcedMs: 40, late: 3 }),
      cell('dev/b', 'closed', { enforcedMs: 10, late: 1 }),
      cell('dev/c', 'closed', { enforcedMs: 20, fromNode: 'n2' }),
      cell('dev/d', 'opened', { enforcedMs: 0 }),
      cell('dev/e', 'steady', { lost: 1 }),
      cell('dev/f', 'closed', { turns: [{ atMs: -60, open: false }] }),
    ];
    // The longest takes four fifths of 40 marks, so each is 2 ms: 40 * 1.25 / 40, rounded up.
    expect(recordingLines({ recording: recordingOf(cells, { unwatched: 2 }) })).to.deep.equal([
      'time to enforce (6 cells tried every 15 ms, 600 connections, clocks within 0.6 ms):',
      '                    cells    min  median    p95    max  late',
      '  closed  n1 -> n2      2  10 ms   10 ms  40 ms  40 ms     4',
      '  closed  n2 -> n2      1  20 ms   20 ms  20 ms  20 ms     0',
      '  opened  n1 -> n2      1   0 ms    0 ms   0 ms   0 ms     0',
      'from when the change was accepted, 2 ms a mark:',
      `  dev/a -> prod/web 80/TCP  ${'.'.repeat(20)}${'X'.repeat(20)}  closed after 40 ms`,
      `  dev/b -> prod/web 80/TCP  ${'.'.repeat(5)}${'X'.repeat(35)}  closed after 10 ms`,
      `  dev/c -> prod/web 80/TCP  ${'.'.repeat(10)}${'X'.repeat(30)}  closed after 20 ms`,
      `  dev/d -> prod/web 80/TCP  ${'.'.repeat(40)}  opened after 0 ms`,
      '1 cell had the new state before the change',
      '1 connection lost a packet, which says nothing about policies',
      '2 more cells changed and could not be timed: only TCP between pods can, 300 cells at most',
    ]);
  });

  it('says so if nothing changed', () => {
    expect(recordingLines({ recording: recordingOf([cell('dev/a', 'steady')]) })).to.deep.equal([
      'no cell was seen to change (1 cell tried every 15 ms, 100 connections, clocks within 0.6 ms)',
    ]);
  });

  it('has a line for each cell that was not in time, or changed without a reason', () => {
    expect(faultLines({ recording: FAULTY })).to.deep.equal([
      'node n2 did not follow within 30.0 s',
      'dev/a -> prod/web 80/TCP: not enforced after 30.0 s: still open, 1990 connections got through',
      'dev/b -> prod/web 80/TCP: not enforced after 30.0 s: still closed, 1 connection did not get through',
      'dev/c -> prod/web 80/TCP: closed after 2.3 s, expected within 2.0 s',
      'dev/d -> prod/web 80/TCP: changed, although this step should not change it: open at first, closed 12 ms before the change was accepted, open after 45 ms',
      'dev/e -> prod/web 80/TCP: no connection of the recorder showed whether it is open',
      'dev/g -> prod/web 80/TCP: closed after 2.3 s or up to 1.2 s before that, expected within 2.0 s: no connection in between showed which',
    ]);
    expect(faultLines({})).to.deep.equal([]);
  });

  it('gives the reasons for a failure, and an annotation for each', () => {
    const step: StepResult = {
      ...stepOf([seen(['dev/a', 'prod/web', '80/TCP', 'allowed'])]),
      status: 'fail',
      recording: FAULTY,
    };
    expect(outcomeText(step)).to.equal(
      '2 cells not enforced after 30.0 s; 1 cell enforced too late; 1 cell perhaps enforced too late; 1 cell changed that should not have; 1 cell could not be timed; node n2 did not follow within 30.0 s',
    );
    const scenario = { name: 'late', file: 'late/scenario.yaml', status: 'fail', timings: {}, steps: [step] } as const;
    const all = annotationsOf({ scenarios: [scenario], timings: {} });
    expect(all.map(({ level, place, message }) => `${level} ${place.file}:${place.line} ${message}`)).to.deep.equal(
      faultLines({ recording: FAULTY })
        .slice(1)
        .map((line) => `error late/scenario.yaml:1 ${line}`),
    );
  });
});
