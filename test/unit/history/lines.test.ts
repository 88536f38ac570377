import { expect } from 'chai';
import { type Entry, entryOf, lineOf, readLines } from '../../../src/history/index.ts';
import { sampleRun } from '../report/sample-run.ts';
import { entryOn } from './entries.ts';

const head = { at: '2026-11-27T02:00:00.000Z', scenario: 'small', file: 's.yaml' };
const times = { cells: 3, minMs: 10, medianMs: 20, p95Ms: 40.5, maxMs: 40.5 };

describe('an entry', () => {
  it('holds a mark for each cell but those of pods to themselves', () => {
    const [step] = sampleRun.scenarios[0]?.steps ?? [];
    if (!step) expect.fail();
    expect(entryOf(step, head)).to.deep.equal({
      ...head,
      step: 'only',
      status: 'error',
      to: [
        ['prod/api', 8080, 'TCP'],
        ['prod/api', 53, 'UDP'],
        ['prod/web', 80, 'TCP'],
      ],
      rows: [
        ['prod/web', 'XR '],
        ['prod/api', '  .'],
        ['dev/client', '~?.'],
      ],
    });
  });

  it('holds the times of what a step opened and closed', () => {
    const cell = (direction: 'opened' | 'closed' | 'steady', enforcedMs: number | null) => ({
      ...{ from: 'a/x', to: 'a/y', port: 80, protocol: 'TCP' as const, fromNode: 'n1', toNode: 'n2' },
      ...{ direction, enforcedMs, gapMs: 1, late: 0, samples: 9, lost: 0, broken: 0, turns: [] },
    });
    const cells = [
      cell('opened', 40.5),
      cell('opened', 10),
      cell('opened', 20),
      cell('closed', null),
      cell('steady', null),
    ];
    const recording = { tickMs: 15, clockErrorMs: 1, requestsMs: 1, watchedMs: 9, deadlineMs: 9, cells, unwatched: 0 };
    const entry = entryOf({ name: 's', status: 'pass', cells: [], recording }, head);
    expect(entry.opened).to.deep.equal(times);
    expect(entry).not.to.have.property('closed');
  });

  it('is a line of its own, whatever the names, and is read as it was written', () => {
    const entries: readonly Entry[] = [
      entryOn(1, '.X'),
      entryOn(2, '', { scenario: 'a\n"b"\u2028', to: [['svc:prod/web', 53, 'UDP', 'IPv6']], rows: [['x', '~']] }),
      entryOn(3, '', { status: 'error', opened: times, closed: times }),
    ];
    const text = entries.map(lineOf).join('');
    expect(text.split('\n')).to.have.length(4);
    expect(readLines(text)).to.deep.equal({ entries, unreadable: 0 });
  });

  it('is left out and counted if it is cut, of another version or another form, and no other is', () => {
    const [first, second] = [entryOn(1, '.'), entryOn(2, 'X')];
    const bad = [
      lineOf(second).slice(0, 40),
      lineOf(second).replace('"v":1', '"v":2'),
      lineOf(second).replace('"X"', '"XX"'),
      lineOf(second).replace('"X"', '"\\u001b"'),
      '[]',
      '"text"',
    ];
    const text = [lineOf(first), ...bad.map((one) => `${one.trim()}\n`), lineOf(second)].join('');
    expect(readLines(text)).to.deep.equal({ entries: [first, second], unreadable: bad.length });
  });
});
