import { expect } from 'chai';
import type { StartedCell, Starts } from '../../../src/record/index.ts';
import { annotationsOf } from '../../../src/report/annotations.ts';
import { outcomeOf, outcomeText } from '../../../src/report/outcome.ts';
import { startFaultLines, startLines } from '../../../src/report/starts.ts';
import { stepOf } from './sample-run.ts';

const cell = (start: number, window: StartedCell['window'], windowMs: number | null, more = {}): StartedCell => ({
  ...{ start, from: 'dev/late', to: 'prod/web', port: 80, protocol: 'TCP', direction: 'egress', window },
  ...{
    peerNode: 'n1',
    windowMs,
    gapMs: windowMs === null || windowMs === 0 ? null : 15,
    sinceMs: windowMs === 0 ? null : 0,
    wrong: windowMs === 0 ? 0 : 3,
  },
  ...{ blindMs: 15, samples: 100, lost: 0, broken: 0, ...more },
});

const startsOf = (cells: readonly StartedCell[], more: Partial<Starts> = {}): Starts => ({
  starts: [
    { pod: 'dev/late', node: 'n1' },
    { pod: 'dev/late', node: 'n2' },
    { pod: 'dev/late', node: 'n1' },
  ],
  cells,
  ...{ atOnce: 3, repeated: 0, tickMs: 15, clockErrorMs: 0.6, deadlineMs: 30_000, unwatched: 0 },
  ...more,
});

const FAULTY = startsOf(
  [
    cell(0, 'open', 40, { direction: 'ingress' }),
    cell(1, 'closed', 2_345.6),
    cell(1, 'closed', 900),
    cell(1, 'closed', 2_345.6, { gapMs: 1_234.5 }),
    cell(1, 'open', 345.6, { gapMs: 340, wrong: 1 }),
    cell(2, 'closed', null, { wrong: 1 }),
    cell(2, 'open', 0, { blindMs: 1_200 }),
    cell(2, 'open', null, { samples: 0 }),
  ],
  { openAtMostMs: 10, closedAtMostMs: 2_000 },
);

describe('the report of starts', () => {
  it('has a row for each window, direction and node, with figures over all starts', () => {
    const cells = [
      cell(0, 'closed', 0),
      cell(0, 'closed', 10, { blindMs: 40 }),
      cell(2, 'closed', 30),
      cell(1, 'closed', 20),
      cell(1, 'open', 0, { direction: 'ingress' }),
      cell(1, 'open', null, { direction: 'ingress' }),
    ];
    expect(startLines({ starts: startsOf(cells, { repeated: 1, unwatched: 2 }) })).to.deep.equal([
      '3 starts of dev/late (3 at once, each cell tried every 15 ms, 600 connections, clocks within 0.6 ms, nothing missed for longer than 40 ms):',
      '                          cells  starts    min  median    p95    max  wrong',
      '  closed  egress   on n1      3       2   0 ms   10 ms  30 ms  30 ms      6',
      '  closed  egress   on n2      1       1  20 ms   20 ms  20 ms  20 ms      3',
      '  open    ingress  on n2      2       1   0 ms    0 ms      -      -      3',
      'open: a denied connection got through so long after the start; closed: an allowed one did not',
      '1 start more, of which too little was known',
      "2 cells to pods that started could not be watched: the CNI does not say a pod's address before it starts",
    ]);
  });

  it('names each cell that was open or closed for too long, and each of which too little is known', () => {
    expect(startFaultLines({ starts: FAULTY })).to.deep.equal([
      'dev/late -> prod/web 80/TCP, start 1 on n1: open until 40 ms after its start, expected at most 10 ms; 3 connections got through',
      'dev/late -> prod/web 80/TCP, start 2 on n2: closed until 2.3 s after its start, expected at most 2.0 s; 3 connections did not get through',
      'dev/late -> prod/web 80/TCP, start 2 on n2: closed until 2.3 s after its start or up to 1.2 s before that, expected at most 2.0 s: no connection in between showed which; 3 connections did not get through',
      'dev/late -> prod/web 80/TCP, start 2 on n2: open until 346 ms after its start or up to 340 ms before that, expected at most 10 ms: no connection in between showed which; 1 connection got through',
      'dev/late -> prod/web 80/TCP, start 3 on n1: still closed 30.0 s after the pod was ready, 1 connection did not get through',
      'dev/late -> prod/web 80/TCP, start 3 on n1: nothing is known of 1.2 s of its start, so it proves nothing',
      'dev/late -> prod/web 80/TCP, start 3 on n1: no connection of the recorder showed whether it is open',
    ]);
  });

  it('is broken if too little is known, and otherwise failed, in words and in annotations', () => {
    const step = (starts: Starts, status: 'error' | 'fail') => stepOf([], [], { status, starts });
    const broken = step(FAULTY, 'error');
    expect(outcomeOf(broken)).to.equal('error');
    expect(outcomeText(broken)).to.equal(
      '1 cell not enforced 30.0 s after a start; 1 cell open for longer than 10 ms after a start; 1 cell closed for longer than 2.0 s after a start; 1 cell perhaps open for longer than 10 ms after a start; 1 cell perhaps closed for longer than 2.0 s after a start; 2 cells of a start that could not be measured',
    );
    expect(outcomeText(step(startsOf([]), 'error'))).to.equal('nothing could be measured as pods started');
    const failed = step({ ...FAULTY, cells: FAULTY.cells.slice(0, 2) }, 'fail');
    const scenario = { name: 's', file: 's.yaml', status: 'fail', timings: {}, steps: [failed] } as const;
    expect(annotationsOf({ scenarios: [scenario], timings: {} }).map(({ message }) => message)).to.deep.equal([
      '1 cell open for longer than 10 ms after a start',
      '1 cell closed for longer than 2.0 s after a start',
    ]);
  });
});
