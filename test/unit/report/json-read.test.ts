import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import type { RunResult } from '../../../src/matrix/index.ts';
import { terminal } from '../../../src/report/index.ts';
import { readRun } from '../../../src/report/read/index.ts';
import { json } from '../../../src/report/reporters/index.ts';
import { dual, missing, modelled, notes, repeated } from './rare-runs.ts';
import { runOf, sampleRun, scenarioOf, seen, stepOf } from './sample-run.ts';

const written = (result: RunResult) => JSON.parse([...json(result)].join(''));

describe('readRun', () => {
  for (const [name, result] of Object.entries({ sampleRun, missing, modelled, dual, repeated }))
    it(`reads what json wrote, so that every format says the same again: ${name}`, () => {
      const read = readRun(written(result));
      expect(written(read)).to.deep.equal(written(result));
      expect(terminal(read, { colour: false })).to.equal(terminal(result, { colour: false }));
    });

  it('keeps what a cell hangs on, the commands that repeat probes, and the shard', () => {
    const [cell] = stepOf([seen(['a/x', 'svc:a/y', '80/TCP', 'allowed'])]).cells;
    const unknown = {
      ...cell,
      status: 'unknown',
      backendsDiffer: true,
      sticky: true,
      lookupUnknown: true,
      exempt: true,
    };
    const step = { ...stepOf([]), cells: [unknown as NonNullable<typeof cell>] };
    const repeat = new Map([['a/x > svc:a/y 80/TCP', 'kubectl exec x']]);
    const run = { ...runOf(scenarioOf([{ ...step, repeat }])), shard: { index: 2, count: 3 } };
    expect(readRun(written(run))).to.deep.equal({
      ...run,
      scenarios: run.scenarios.map((one) => ({ ...one, warnings: [], notes: [] })),
    });
    expect(readRun(written(modelled)).predicted).to.equal(true);
    expect(readRun(written(modelled)).scenarios[0]?.notes).to.deep.equal(notes);
  });

  it('reads a report with keys that it does not know', () => {
    const { scenarios, ...run } = written(sampleRun);
    const later = { ...run, colour: 'red', scenarios: scenarios.map((one: object) => ({ ...one, owner: 'me' })) };
    expect(written(readRun(later))).to.deep.equal(written(sampleRun));
  });

  it('reads starts of a report that does not say when a window ended at the earliest', () => {
    const report = written(repeated);
    for (const one of report.scenarios[0].steps[0].starts.cells) delete one.gapMs;
    const [step] = readRun(report).scenarios[0]?.steps ?? [];
    expect(step?.starts?.cells.map(({ gapMs }) => gapMs)).to.deep.equal([null, null]);
  });

  for (const [what, value, words, hint] of [
    ['no object', [], 'it is not a report of podreach, but a list', 'reports are written by'],
    ['null', null, 'it is not a report of podreach, but nothing', 'reports are written by'],
    ['another file', { schema: 7 }, 'it is not a report of podreach, but something else', 'reports are written by'],
    [
      'a later version',
      { schema: 'podreach/run/v2' },
      'it is "podreach/run/v2", not "podreach/run/v1"',
      'use the version',
    ],
    ['a comparison', { schema: 'podreach/compare/v1' }, 'it is "podreach/compare/v1"', '`podreach compare --reporter'],
    ['a watch', { schema: 'podreach/watch/v1' }, 'it is "podreach/watch/v1"', 'reports are written by'],
  ] as const)
    it(`refuses ${what}`, () => {
      const act = () => readRun(value);
      expect(act).to.throw(PodreachError, words);
      expect(act).to.throw().with.property('hint').that.contains(hint);
    });

  it('says where a report has another form', () => {
    const report = written(sampleRun);
    report.scenarios[0].steps[0].cells[3].port = '80\u001b[31m';
    expect(() => readRun(report)).to.throw(PodreachError, /: scenarios\.0\.steps\.0\.cells\.3\.port: Invalid input/);
  });
});
