import { expect } from 'chai';
import type { StepResult } from '../../../src/matrix/index.ts';
import { annotationsOf } from '../../../src/report/annotations.ts';
import { flowFindingLines, flowLines } from '../../../src/report/established.ts';
import { outcomeOf, outcomeText } from '../../../src/report/outcome.ts';
import type { FollowedConnection } from '../../../src/streams/index.ts';
import { pageOf } from './html/page-of.ts';
import { seen, stepOf } from './sample-run.ts';

const connection = (from: string, more: Partial<FollowedConnection> = {}): FollowedConnection => ({
  ...{ from, to: 'prod/web', port: 80, protocol: 'TCP', expected: null, forMs: 3_000, lost: 0, pauseMs: 104.2 },
  ...{ errorMs: 113, turns: [{ atMs: -20, state: 'flows' }] },
  ticks: [-10, 90, 190].map((atMs) => ({ atMs, bytes: 134, tookMs: 2.5 })),
  ...more,
});

const silent: FollowedConnection['turns'] = [
  { atMs: -20, state: 'flows' },
  { atMs: 310, state: 'silent' },
];
const back: FollowedConnection['turns'] = [
  { atMs: -20, state: 'silent' },
  { atMs: 1_510, state: 'flows' },
];

const followed = (...connections: readonly FollowedConnection[]) => ({ established: { tickMs: 100, connections } });

const FAULTY = followed(
  connection('dev/a', { expected: 'flows', turns: silent }),
  connection('dev/b', { expected: 'stops', withinMs: 500 }),
  connection('dev/c', { expected: 'flows', withinMs: 1_000, turns: back, isOlder: true }),
  connection('dev/d', { expected: 'stalls', turns: [{ atMs: -20, state: 'reset' }] }),
  connection('dev/e', { turns: [], broken: { kind: 'not-open', why: 'no\u001B answer' } }),
  connection('dev/f', { turns: [], broken: { kind: 'server' } }),
  connection('dev/g', { turns: silent }),
);

describe('the report of connections that were open', () => {
  it('has a timeline of each that something is known of', () => {
    const lines = flowLines(
      followed(
        connection('dev/a'),
        connection('dev/b', { turns: silent, ticks: [{ atMs: 90, bytes: 0, tookMs: null }] }),
        connection('dev/c', { turns: back, isOlder: true, protocol: 'UDP', port: 53, lost: 1, forMs: 1_500 }),
        connection('dev/d', { turns: [], broken: { kind: 'unproven' } }),
      ),
    );
    // 3,000 ms are 30 marks.
    expect(lines).to.deep.equal([
      'established connections (a request every 100 ms), from when the change was accepted, 100 ms a mark:',
      `  dev/a -> prod/web 80/TCP          ${'.'.repeat(30)}  flowed for 3.0 s; 2 of 2 requests answered, 268 bytes, at most 104 ms between answers`,
      `  dev/b -> prod/web 80/TCP          ${'.'.repeat(4)}${'X'.repeat(26)}  falls silent after 310 ms (within 113 ms); 0 of 1 request answered, 0 bytes, at most 104 ms between answers`,
      `  dev/c -> prod/web 53/UDP (still)  ${'X'.repeat(15)}${' '.repeat(15)}  silent at first, flows again after 1.5 s (within 113 ms); 2 of 2 requests answered, 268 bytes, at most 104 ms between answers, 1 lost, which says nothing about policies`,
    ]);
    expect(flowLines({})).to.deep.equal([]);
  });

  it('says how often the change was made', async () => {
    const { established } = followed(connection('dev/a'));
    const said = 'the change was made 3 times, because a source was too busy to show what became of a connection';
    expect(flowLines({ established: { ...established, repeated: 2 } }).at(-1)).to.equal(said);
    const step = stepOf([], [], { status: 'pass', established: { ...established, repeated: 2 } });
    const scenario = { name: 'kept', file: 'kept/scenario.yaml', status: 'pass', timings: {}, steps: [step] } as const;
    const { data } = await pageOf({ scenarios: [scenario], timings: {} });
    expect(JSON.stringify(data)).to.contain(said);
    const broken = followed(connection('dev/a', { turns: [], broken: { kind: 'unproven' } })).established;
    expect(flowLines({ established: { ...broken, repeated: 2 } })).to.deep.equal([said]);
  });

  const LINES = [
    'established dev/a -> prod/web 80/TCP: expected to flow, falls silent after 310 ms (within 113 ms)',
    'established dev/b -> prod/web 80/TCP: expected to stop within 500 ms, flowed for 3.0 s',
    'established dev/c -> prod/web 80/TCP (still): expected to flow within 1.0 s, silent at first, flows again after 1.5 s (within 113 ms)',
    'established dev/d -> prod/web 80/TCP: expected to fall silent, reset before the change',
    'established dev/e -> prod/web 80/TCP: not open before the change: no\\x1b answer',
    'established dev/f -> prod/web 80/TCP: its server did not answer itself either, which says nothing about policies',
  ];

  it('has a line for each that is not as expected, or of which nothing is known', () => {
    expect(flowFindingLines(FAULTY)).to.deep.equal(LINES);
  });

  it('gives them as reasons, as annotations, and on the page', async () => {
    const step: StepResult = {
      ...stepOf([seen(['dev/a', 'prod/web', '80/TCP', 'allowed'])]),
      status: 'error',
      ...FAULTY,
    };
    expect(outcomeOf(step)).to.equal('error');
    expect(outcomeText(step)).to.equal('4 established connections not as expected; 2 established connections broken');
    const scenario = { name: 's', file: 's/scenario.yaml', status: 'error', timings: {}, steps: [step] } as const;
    const messages = annotationsOf({ scenarios: [scenario], timings: {} }).map(({ message }) => message);
    expect(messages.slice(-6)).to.have.length(6);
    expect(messages.at(-1)).to.equal(LINES.at(-1));
    const { data } = await pageOf({ scenarios: [scenario], timings: {} });
    expect(JSON.stringify(data)).to.contain(LINES[0]);
  });
});
