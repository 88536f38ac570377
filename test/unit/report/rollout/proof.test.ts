import { expect } from 'chai';
import { type OrderProof, rolloutExitCode, type ShownRollout } from '../../../../src/report/index.ts';
import { reporters } from '../../../../src/report/reporters/index.ts';
import type { Violation, WatchedCell } from '../../../../src/watch/index.ts';

const probe = (from: string) => ({ from, to: 'prod/web', port: 80, protocol: 'TCP' as const });
const cell: WatchedCell = {
  ...{ ...probe('dev/a\u001b'), by: 'recorder', open: true, seenMs: 2_000 },
  ...{ samples: 100, lost: 1, flips: [], gaps: [] },
};
const cut = (from: string, after: number, forMs: number | null): Violation => ({
  ...{ probe: probe(from), what: 'cut', after, sinceMs: 40, forMs },
});
const proofOf = (violations: readonly Violation[], changes: Partial<OrderProof['walk']> = {}): OrderProof => ({
  order: 'written',
  violations,
  walk: {
    states: [0, 1_000].map((fromMs) => ({ fromMs, enforcedMs: 200, unseen: [] })),
    watched: { fromMs: 0, toMs: 2_100, tickMs: 15, cells: [cell, { ...cell, by: 'matrix' }] },
    ...changes,
  },
});
const rolloutWith = (...proofs: readonly OrderProof[]): ShownRollout => ({
  ...{ actions: [], naive: [], undecided: 0, files: [], proofs, unchanged: { open: [], blocked: [] } },
  written: [{ kind: 'apply', policy: { name: 'prod/deny' } }],
});
const NOTHING = { before: 'a', after: 'b', comparisons: [], added: [], removed: [], forbidden: [] };

const answerTo = async (rollout: ShownRollout) => {
  const [text, json] = await Promise.all(
    [reporters.terminal, reporters.json].map(async (create) => [
      ...((await create({ colour: false, width: 200 }).onCompared?.(NOTHING, rollout)) ?? []),
    ]),
  );
  const [, proof = ''] = (text ?? []).join('').split('either.\n\n');
  return { code: rolloutExitCode(rollout), proof, live: JSON.parse((json ?? []).join('')).rollout.live };
};

describe('a plan', () => {
  it('breaks no command, and quotes it, because it is there to be copied', async () => {
    const rollout: ShownRollout = {
      ...rolloutWith(),
      actions: [{ kind: 'apply', policy: { name: 'prod/deny' } }],
      files: ['my $(x)/1-apply-prod-a-name-that-is-longer-than-a-line.yaml'],
    };
    const create = reporters.terminal({ colour: false, width: 40 });
    const text = [...((await create.onCompared?.(NOTHING, rollout)) ?? [])].join('');
    expect(text).to.contain("  kubectl apply -f 'my $(x)/1-apply-prod-a-name-that-is-longer-than-a-line.yaml'\n");
  });

  it('has nothing to wait for, and no other order, if nothing differs', async () => {
    const rollout: ShownRollout = { ...rolloutWith(), written: [] };
    const text = [...((await reporters.terminal({ colour: false }).onCompared?.(NOTHING, rollout)) ?? [])].join('');
    expect(text)
      .to.contain('\nnothing to apply: no policy differs\n')
      .and.not.to.match(/Wait after|As written/);
  });
});

describe('the proof of an order', () => {
  it('has passed if no cell was cut or opened, and names how it was watched', async () => {
    const { code, proof, live } = await answerTo(rolloutWith(proofOf([])));
    expect(code).to.equal(0);
    expect(proof).to.equal(
      'passed: live, as written, 2 cells that must not change never did\n' +
        '  2 states in 2.1 s, 200 connections, 1 cell tried every 15 ms, 1 cell only by repeated matrices, 2 lost packets\n',
    );
    expect(live[0]).to.include({ order: 'written', cells: 2, byMatrix: 1, connections: 200, lost: 2, unseen: 0 });
  });

  it('has failed with a violation, and says after which change and for how long', async () => {
    const own = [cut('dev/a\u001b', 1, 500), cut('dev/b', 1, 1_200), cut('dev/c', 0, null)];
    const { code, proof, live } = await answerTo(rolloutWith(proofOf(own)));
    expect(code).to.equal(1);
    expect(proof.split('\n').slice(0, 3)).to.deep.equal([
      'failed: live, as written, 3 violations',
      '  after change 1, apply prod/deny: 2 cells cut 40 ms later, for up to 1.2 s: dev/a\\x1b -> prod/web 80/TCP, dev/b -> prod/web 80/TCP',
      '  before any change: 1 cell cut 40 ms later, to the end: dev/c -> prod/web 80/TCP',
    ]);
    expect(live[0].violations[1]).to.deep.equal(own[1]);
  });

  it('is an error if a cell was not seen in a state, or there was none', async () => {
    const unseen = [{ fromMs: 0, enforcedMs: 0, unseen: [probe('dev/b')] }];
    const { code, proof } = await answerTo(rolloutWith(proofOf([], { states: unseen })));
    expect(code).to.equal(2);
    expect(proof).to.contain('error: live, as written, not all was seen\n');
    expect(proof).to.contain('  not seen all the time: 1 cell: dev/b -> prod/web 80/TCP\n');
    const nothing = proofOf([], { watched: { fromMs: 0, toMs: 1, tickMs: null, cells: [] } });
    expect(rolloutExitCode(rolloutWith(nothing))).to.equal(2);
  });
});
