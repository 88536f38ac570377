import { expect } from 'chai';
import type { CellGroup, ComparedResult, LiveProof, SeenLive } from '../../../../src/compare/index.ts';
import type { RecordedCell } from '../../../../src/record/index.ts';
import { comparedExitCode } from '../../../../src/report/index.ts';
import { reporters } from '../../../../src/report/reporters/index.ts';
import { expectedOf, seen, stepOf } from '../sample-run.ts';
import { compared, type FORMATS } from './written.ts';

const steady = (turns: RecordedCell['turns']): RecordedCell => ({
  ...{ from: 'dev/job', to: 'prod/web', port: 80, protocol: 'TCP', direction: 'steady', fromNode: 'n1', toNode: 'n2' },
  ...{ enforcedMs: null, gapMs: null, late: 0, samples: 100, lost: 0, broken: 0, turns },
});
const opened: RecordedCell = { ...steady([]), from: 'dev/client', direction: 'opened', enforcedMs: 41, gapMs: 15 };

const recordingOf = (...cells: readonly RecordedCell[]) => ({
  ...{ tickMs: 15, clockErrorMs: 0.6, requestsMs: 0, watchedMs: 400, deadlineMs: 30_000, cells, unwatched: 0 },
});

const open = { atMs: -60, open: true };
const seenBefore = stepOf([seen(['dev/client', 'prod/web', '80/TCP', 'dropped'])], undefined, { name: 'before' });
const seenAfter = [seen(['dev/client', 'prod/web', '80/TCP', 'allowed'])];
const proven = stepOf(seenAfter, undefined, {
  name: 'after',
  recording: recordingOf(
    {
      ...opened,
      turns: [
        { ...open, open: false },
        { atMs: 41, open: true },
      ],
    },
    steady([open]),
  ),
});
/** The matrix is right, but another cell was closed for a moment. */
const cut = stepOf(seenAfter, undefined, {
  ...{ name: 'after', status: 'fail' },
  recording: recordingOf(steady([open, { atMs: 3, open: false }, { atMs: 48, open: true }])),
});

const resultOf = (live: LiveProof, own: SeenLive = { alike: 1, otherwise: 0 }): ComparedResult => {
  const group: CellGroup = {
    ...{ change: 'opened', from: ['dev/client'], to: ['prod/web'], ports: [{ number: 80, protocol: 'TCP' }], cells: 1 },
    ...{ before: 'deny', after: 'allow', causes: [], live: own },
  };
  const counts = { closed: 0, 'may-open': 0, 'may-close': 0, 'may-differ': 0, added: 0, removed: 0, undecided: 0 };
  const comparison = { name: 'shop', before: 'old', after: 'new', groups: [group], policies: [], ends: [], live };
  return {
    ...{ before: 'old', after: 'new', added: [], removed: [], forbidden: [] },
    comparisons: [{ ...comparison, counts: { ...counts, opened: 1, unchanged: 3 } }],
  };
};

const passed = resultOf({ status: 'pass', steps: [seenBefore, proven] });
const gap = resultOf({ status: 'fail', steps: [seenBefore, cut] });

describe('a comparison that was proven live', () => {
  it('says on the terminal which groups were seen, both states, and how fast the switch was', async () => {
    const text = await compared('terminal', passed);
    expect(text).to.match(/^1 cell opened: old → new \(predicted, then seen live\)\n/);
    expect(text).to.include('      dev/client -> prod/web 80/TCP (seen live)\n');
    expect(text).to.include('  passed  live, before the change: 1 cell as predicted\n');
    expect(text).to.include(
      '  passed  live, after the change: 1 cell as predicted; the change was in force after 41 ms; 1 cell that must not change never did\n',
    );
    expect(text).to.match(/\npassed: both states are as predicted live\n$/);
  });

  it('says of a gap which cell changed for a moment', async () => {
    const text = await compared('terminal', gap);
    expect(text).to.include('  failed  live, after the change: 1 cell changed that should not have\n');
    expect(text).to.include(
      'dev/job -> prod/web 80/TCP: changed, although this step should not change it: open at first, closed after 3 ms, open after 48 ms\n',
    );
    expect(text).to.match(/\nfailed: not all is as predicted live\n$/);
  });

  it('says why a switch was not timed, and what was not seen or seen otherwise', async () => {
    const untimed = resultOf(
      { status: 'pass', steps: [seenBefore, stepOf(seenAfter, undefined, { name: 'after' })], untimed: 'pods' },
      { alike: 0, otherwise: 0 },
    );
    const text = await compared('terminal', untimed);
    expect(text).to.include('1 cell as predicted; the switch was not timed, because pods are new or replaced');
    expect(text).to.include('80/TCP (0 of 1 seen live)');
    expect(
      await compared('terminal', resultOf(passed.comparisons[0]?.live as LiveProof, { alike: 0, otherwise: 1 })),
    ).to.include('80/TCP (1 of 1 NOT so live)');
  });

  it('keeps a command that is there to be copied on one line', () => {
    const command = 'kubectl exec -n dev-x7k2a client -c probe -- nc -z 10.0.0.7 80';
    const key = 'dev/client > prod/web 80/TCP';
    const wrong = stepOf(seenAfter, expectedOf(seenAfter, { [key]: 'deny' }), {
      ...{ name: 'after', repeat: new Map([[key, command]]) },
    });
    const result = resultOf({ status: 'fail', steps: [seenBefore, wrong] });
    const text = reporters.terminal({ colour: false, width: 40 }).onCompared?.(result);
    expect(text).to.match(new RegExp(`^ +${command}$`, 'm'));
  });

  it('exits 1 for a gap, and 2 if a state broke', () => {
    const broken = stepOf([seen(['dev/client', 'prod/web', '80/TCP', 'error'])], undefined, { name: 'before' });
    expect([passed, gap, resultOf({ status: 'error', steps: [broken] })].map(comparedExitCode)).to.deep.equal([
      0, 1, 2,
    ]);
  });

  it('is in every format, with the gap', async () => {
    const words: Readonly<Partial<Record<(typeof FORMATS)[number], RegExp>>> = {
      list: /^failed {2}shop: live, after the change: 1 cell changed that should not have$/m,
      junit:
        /<testcase name="shop: live, after the change"[^>]*>\s*<failure message="1 cell changed that should not have"/,
      tap: /^not ok 3 - shop: live, after the change$/m,
      markdown: /^\*\*failed\*\* live, after the change: <code>1 cell changed that should not have<\/code>$/m,
      github: /^::error file=new,line=1,title=shop%3A after::dev\/job -> prod\/web 80\/TCP: changed, although/m,
      html: /<h3>live, after the change<\/h3>\n<p>failed: 1 cell changed that should not have<\/p>\n<pre>/,
      csv: /,live\r\n.*,seen live\r\n$/,
      dot: /1 cell, seen live/,
      json: /"live": \{\s*"alike": 1,\s*"otherwise": 0/,
    };
    for (const [format, expected] of Object.entries(words))
      expect(await compared(format as (typeof FORMATS)[number], gap), format).to.match(expected);
    const [comparison] = JSON.parse(await compared('json', gap)).comparisons;
    expect(comparison.live.status).to.equal('fail');
    expect(comparison.live.steps.map(({ name }: { name: string }) => name)).to.deep.equal(['before', 'after']);
    expect(comparison.live.steps[1].recording.cells[0].turns).to.have.length(3);
  });
});
