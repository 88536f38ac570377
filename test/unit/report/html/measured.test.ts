import { expect } from 'chai';
import type { StartedCell, Starts } from '../../../../src/record/index.ts';
import { establishedOf } from '../../../../src/report/html/established-data.ts';
import { startsOf } from '../../../../src/report/html/starts-data.ts';
import type { FollowedConnection } from '../../../../src/streams/index.ts';
import { runOf, scenarioOf, stepOf } from '../sample-run.ts';
import { pageOf } from './page-of.ts';

const connection = (from: string, more: Partial<FollowedConnection> = {}): FollowedConnection => ({
  ...{ from, to: 'prod/web', port: 80, protocol: 'TCP', expected: null, forMs: 3_000, lost: 0, pauseMs: 104.2 },
  ...{ errorMs: 113, turns: [{ atMs: -20, state: 'flows' }] },
  ticks: [90, 190].map((atMs) => ({ atMs, bytes: 134, tookMs: 2.5 })),
  ...more,
});

const silent: FollowedConnection['turns'] = [
  { atMs: -20, state: 'flows' },
  { atMs: 300, state: 'silent' },
];

const ESTABLISHED = {
  tickMs: 100,
  connections: [
    connection('dev/a', { forMs: 1_500 }),
    connection('dev/b', { turns: [...silent, { atMs: 2_400, state: 'flows' }] }),
    connection('dev/c', { turns: silent, expected: 'flows' }),
    connection('dev/d', { turns: [], broken: { kind: 'server' } }),
  ],
};

const startedCell = (start: number, window: StartedCell['window'], windowMs: number): StartedCell => ({
  ...{ start, from: 'dev/late', to: 'prod/web', port: 80, protocol: 'TCP', direction: 'egress', window },
  ...{ peerNode: 'n1', windowMs, gapMs: 15, sinceMs: 0, wrong: 3, blindMs: 15, samples: 100, lost: 0, broken: 0 },
});

const STARTS: Starts = {
  starts: [
    { pod: 'dev/late', node: 'n1' },
    { pod: 'dev/late', node: 'n2' },
  ],
  cells: [startedCell(0, 'closed', 10), startedCell(1, 'closed', 20), startedCell(0, 'open', 40)],
  ...{ atOnce: 2, repeated: 0, tickMs: 15, clockErrorMs: 0.6, deadlineMs: 30_000, unwatched: 0 },
};

describe('what the HTML report has of measurements', () => {
  it('is a strip for each connection of which something is known, from the change on, what is wrong first', () => {
    const { title, times, strips } = establishedOf({ established: ESTABLISHED }) ?? expect.fail();
    expect([title, times, strips?.accepted]).to.deep.equal(['Established connections', [], 0]);
    expect(strips?.all.map(({ name, isWrong, open }) => [name, isWrong, open])).to.deep.equal([
      ['dev/c -> prod/web 80/TCP', true, [[0, 0.1]]],
      // It was followed for half the time.
      ['dev/a -> prod/web 80/TCP', false, [[0, 0.5]]],
      [
        'dev/b -> prod/web 80/TCP',
        false,
        [
          [0, 0.1],
          [0.8, 1],
        ],
      ],
    ]);
    expect(strips?.all[0]?.text).to.match(/^falls silent after 300 ms \(within 113 ms\); 2 of 2 requests answered/);
  });

  it('is a table of the windows of starts', () => {
    const { title, how, times, strips } = startsOf({ starts: STARTS }) ?? expect.fail();
    expect([title, strips]).to.deep.equal(['Starts', undefined]);
    expect(how).to.match(/^2 starts of dev\/late: 2 at once, each cell tried every 15 ms, 300 connections/);
    expect(times).to.deep.equal([
      ['window', 'cells', 'starts', 'min', 'median', 'p95', 'max', 'wrong'],
      ['closed  egress   on n1', '1', '1', '10 ms', '10 ms', '10 ms', '10 ms', '3'],
      ['closed  egress   on n2', '1', '1', '20 ms', '20 ms', '20 ms', '20 ms', '3'],
      ['open    egress   on n1', '1', '1', '40 ms', '40 ms', '40 ms', '40 ms', '3'],
    ]);
  });

  it('is no table where nothing could be measured', () => {
    expect(startsOf({ starts: { ...STARTS, cells: [], unwatched: 1 } })).to.deep.include({
      how: 'Nothing could be measured as pods started.',
      times: [],
    });
    expect([
      startsOf({}),
      establishedOf({}),
      establishedOf({ established: { tickMs: 100, connections: [] } }),
    ]).to.deep.equal([undefined, undefined, undefined]);
  });

  it('is in the page, and not once more among the messages of the step', async () => {
    const { data } = await pageOf(
      runOf(scenarioOf([stepOf([], undefined, { established: ESTABLISHED, starts: STARTS })])),
    );
    const [step] = data.scenarios[0]?.steps ?? [];
    expect(step?.measured.map(({ title }) => title)).to.deep.equal(['Established connections', 'Starts']);
    expect(step?.messages.filter((line) => /closed {2}egress|a request every/.test(line))).to.deep.equal([]);
    expect(step?.messages.join('\n')).to.contain('established dev/c -> prod/web 80/TCP: expected to flow');
  });
});
