import { expect } from 'chai';
import { type Carried, evaluateFlow } from '../../../src/streams/evaluate.ts';
import { type FollowedConnection, flowFaultOf, statusOfFlows } from '../../../src/streams/following.ts';
import type { Ending, Tick } from '../../../src/streams/tick.ts';

/** The change begins at 10,000, is accepted at 10,020, and is followed until 13,000. It is looked at 1.2 s later. */
const SPAN = { fromMs: 10_000, acknowledgedMs: 10_020, untilMs: 13_000, nowMs: 14_200 };
const TICKS = 52;

type AnswerOf = (sentMs: number) => number | null;

/** Requests from 9,000 on, one each 100 ms, answered after 5 ms unless said otherwise; its shell passes them on after 1 ms. */
const carried = (
  answeredAt: AnswerOf = (sentMs) => sentMs + 5,
  { ending = null, passedAt = (sentMs) => sentMs + 1 }: { ending?: Ending | null; passedAt?: AnswerOf } = {},
): Carried => ({
  ending,
  ticks: Array.from({ length: TICKS }, (_, number): Tick => {
    const sentMs = 9_000 + 100 * number;
    const answeredMs = ending && ending.atMs < sentMs ? null : answeredAt(sentMs);
    return { number, sentMs, passedMs: passedAt(sentMs), answeredMs, bytes: answeredMs === null ? 0 : 134 };
  }),
});

const between =
  (fromMs: number, toMs: number, then: AnswerOf): AnswerOf =>
  (sentMs) =>
    sentMs > fromMs && sentMs < toMs ? then(sentMs) : sentMs + 5;

const seen = (stream: Carried, controls: readonly Carried[] = [carried()]) => evaluateFlow(stream, controls, SPAN);

const RESET = { kind: 'reset', atMs: 11_250 } as const;

describe('what became of a connection', () => {
  it('that goes on: nothing but that, with what each request brought', () => {
    const flow = seen(carried());
    expect(flow).to.deep.include({ turns: [{ atMs: -20, state: 'flows' }], lost: 0, pauseMs: 100, errorMs: 105 });
    expect(flow).not.to.have.any.keys('broken');
    // Those that were sent from 10,000 to 13,000.
    expect(flow.ticks).to.have.length(31);
    expect(flow.ticks[0]).to.deep.equal({ atMs: -20, bytes: 134, tookMs: 5 });
  });

  it('that falls silent: since the last answer', () => {
    const { turns, ticks } = seen(carried(between(10_350, 99_999, () => null)));
    expect(turns).to.deep.equal([
      { atMs: -20, state: 'flows' },
      { atMs: 285, state: 'silent' },
    ]);
    expect(ticks.at(-1)?.tookMs).to.equal(null);
  });

  it('that falls silent as soon as the change begins: not before it', () => {
    expect(seen(carried(between(9_950, 99_999, () => null))).turns).to.deep.equal([
      { atMs: -20, state: 'flows' },
      { atMs: -20, state: 'silent' },
    ]);
  });

  it('of TCP that was silent and catches up: from the first answer on, though all are answered in the end', () => {
    const { turns, lost, errorMs } = seen(carried(between(8_950, 11_950, () => 12_000)));
    expect(turns.slice(0, 2)).to.deep.equal([
      { atMs: -20, state: 'silent' },
      { atMs: 1_980, state: 'flows' },
    ]);
    expect(turns).to.have.length(2);
    expect(lost).to.equal(0);
    // That of a round trip while it flows.
    expect(errorMs).to.equal(105);
  });

  it('of UDP that was silent and comes back: what was sent meanwhile is lost', () => {
    expect(seen(carried(between(10_350, 11_950, () => null))).turns).to.deep.equal([
      { atMs: -20, state: 'flows' },
      { atMs: 285, state: 'silent' },
      { atMs: 1_985, state: 'flows' },
    ]);
  });

  it('is no silence if one or two datagrams are lost, or a segment is sent again', () => {
    const lost = seen(carried(between(10_350, 10_550, () => null)));
    expect(lost).to.deep.include({ lost: 2, pauseMs: 300, turns: [{ atMs: -20, state: 'flows' }] });
    const again = seen(carried(between(10_350, 10_950, () => 11_000)));
    expect(again.turns).to.deep.equal([{ atMs: -20, state: 'flows' }]);
  });

  it('that is reset: when that was', () => {
    const { turns, lost } = seen(carried((sentMs) => (sentMs > 11_150 ? null : sentMs + 5), { ending: RESET }));
    expect(turns.at(-1)).to.deep.equal({ atMs: 1_230, state: 'reset' });
    // The request that met the reset is not one.
    expect(lost).to.equal(0);
  });

  it('that was reset before: at once', () => {
    const ending = { kind: 'reset', atMs: 9_500 } as const;
    expect(seen(carried(undefined, { ending })).turns).to.deep.equal([{ atMs: -20, state: 'reset' }]);
  });

  const silent = carried(between(10_350, 99_999, () => null));
  const dead = carried(undefined, { ending: { kind: 'reset', atMs: 10_340 } });
  const unknown: Readonly<Record<string, readonly [Carried, readonly Carried[], object]>> = {
    'if its server does not answer itself either': [silent, [silent], { kind: 'server' }],
    'if its server ends with it': [carried(undefined, { ending: RESET }), [dead], { kind: 'server' }],
    'if one of its servers was silent for a while': [
      silent,
      [carried(), carried(between(10_350, 11_950, () => null))],
      { kind: 'server' },
    ],
    'if there is nobody to ask': [silent, [], { kind: 'server' }],
    'if what carried it ended': [
      carried(undefined, { ending: { kind: 'broken', atMs: 11_000, why: 'nc ended with exit code 143' } }),
      [carried()],
      { kind: 'tool', why: 'nc ended with exit code 143' },
    ],
    'if its shell passed nothing on': [
      carried(
        between(10_350, 99_999, () => null),
        { passedAt: between(10_350, 99_999, () => null) },
      ),
      [carried()],
      { kind: 'unproven' },
    ],
  };
  for (const [when, [stream, controls, broken]] of Object.entries(unknown))
    it(`is not known ${when}`, () => {
      expect(seen(stream, controls)).to.deep.include({ turns: [], broken });
    });

  it('needs no control while it flows', () => {
    expect(seen(carried(), [dead]).turns).to.have.length(1);
  });
});

const TURNS: Readonly<Record<string, FollowedConnection['turns']>> = {
  flows: [{ atMs: -20, state: 'flows' }],
  'falls silent': [
    { atMs: -20, state: 'flows' },
    { atMs: 300, state: 'silent' },
  ],
  'is silent': [{ atMs: -20, state: 'silent' }],
  'comes back': [
    { atMs: -20, state: 'silent' },
    { atMs: 2_100, state: 'flows' },
  ],
  pauses: [
    { atMs: -20, state: 'flows' },
    { atMs: 300, state: 'silent' },
    { atMs: 2_100, state: 'flows' },
  ],
  'is reset': [
    { atMs: -20, state: 'flows' },
    { atMs: 300, state: 'reset' },
  ],
};

const connection = (turns: FollowedConnection['turns'], more: Partial<FollowedConnection>): FollowedConnection => ({
  ...{ from: 'dev/client', to: 'prod/web', port: 80, protocol: 'TCP', expected: null },
  ...{ forMs: 3_000, turns, lost: 0, pauseMs: 100, errorMs: 105, ticks: [] },
  ...more,
});

describe('what is expected of a connection that is open', () => {
  const rows: readonly [FollowedConnection['expected'], keyof typeof TURNS, fault: string | null, withinMs?: number][] =
    [
      ['flows', 'flows', null, 1],
      ['flows', 'falls silent', 'stopped'],
      ['flows', 'is reset', 'reset'],
      ['flows', 'pauses', 'interrupted'],
      ['flows', 'comes back', null, 2_100],
      ['flows', 'comes back', 'too-late', 2_099],
      ['stops', 'flows', 'flows-on'],
      ['stops', 'pauses', 'flows-on'],
      ['stops', 'falls silent', null, 300],
      ['stops', 'falls silent', 'too-late', 299],
      ['stops', 'is reset', null],
      ['stops', 'is silent', null, 1],
      ['stalls', 'falls silent', null],
      ['stalls', 'is reset', 'reset'],
      ['resets', 'is reset', null],
      ['resets', 'falls silent', 'silent'],
      [null, 'falls silent', null],
    ];
  for (const [expected, what, fault, withinMs] of rows)
    it(`${expected ?? 'nothing'}${withinMs === undefined ? '' : ` within ${withinMs} ms`}: one that ${what} is ${fault ?? 'fine'}`, () => {
      const turns = TURNS[what] ?? [];
      expect(flowFaultOf(connection(turns, { expected, ...(withinMs !== undefined && { withinMs }) }))).to.equal(fault);
    });

  it('is never met by one of which nothing is known, expected or not', () => {
    const broken = connection([], { broken: { kind: 'server' } });
    const failed = connection(TURNS.flows ?? [], { expected: 'stops' });
    const fine = connection(TURNS.flows ?? [], { expected: 'flows' });
    const statuses = [[fine], [fine, failed], [failed, broken]].map((connections) =>
      statusOfFlows({ tickMs: 100, connections }),
    );
    expect(statuses).to.deep.equal(['pass', 'fail', 'error']);
  });
});
