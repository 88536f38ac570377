import { expect } from 'chai';
import { runOf, scenarioOf, seen, stepOf } from '../sample-run.ts';
import { threeRuns } from './three-runs.ts';
import { written } from './written.ts';

describe('list', () => {
  it('has a line for each scenario, and the sums last', async () => {
    expect(await written('list', threeRuns)).to.equal(`passed   passes (1 cell, 1.5 s)
failed   differs (2 cells): 1 cell not as expected
error    breaks (2 cells): 1 cell broken
failed   wavers (2 cells): 1 cell flaky
error    skips (1 cell): 1 cell unsupported on this host
5 scenarios: 1 passed, 2 failed, 2 error
8 cells: 4 as expected, 1 not as expected, 1 flaky, 1 error, 1 unsupported
probe 1.5 s, total 2.0 s
`);
  });
});

describe('ndjson', () => {
  it('has a line for each event, which together are the JSON report', async () => {
    const text = await written('ndjson', threeRuns);
    const lines: readonly Record<string, unknown>[] = text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
    const told = lines.map(({ event, name, scenario }) => `${event} ${name ?? scenario ?? ''}`.trim());
    const each = ['passes', 'differs', 'breaks', 'wavers', 'skips'].flatMap((name) => [
      `step ${name}`,
      `scenario ${name}`,
    ]);
    expect(told).to.deep.equal(['begin', ...each, 'end']);
    const [begin] = lines;
    expect(begin).to.include({ schema: 'podreach/events/v1' });
    const whole = JSON.parse(await written('json', threeRuns));
    const [, firstStep, first] = lines;
    const { scenario, file, event, ...step } = firstStep ?? {};
    expect({ scenario, file, event }).to.deep.equal({
      scenario: 'passes',
      file: whole.scenarios[0].file,
      event: 'step',
    });
    expect({ event: 'scenario', ...whole.scenarios[0] }).to.deep.equal({ ...first, steps: [step] });
    expect({ event: 'end', timings: whole.timings }).to.deep.equal(lines.at(-1));
  });

  it('keeps each event on its line, whatever a name or a detail holds', async () => {
    const cell = seen(['a/x', 'a/y', '1/TCP', 'allowed'], { detail: 'one\ntwo\r\u2028\u001b[31m' });
    const text = await written('ndjson', runOf(scenarioOf([stepOf([cell])], { name: 'a\nb' })));
    expect(text.split('\n')).to.have.length(5);
    expect(text.replaceAll('\n', '')).to.not.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(text.split('\n')[1] ?? '').cells[0].detail).to.equal('one\ntwo\r\u2028\u001b[31m');
  });
});

describe('csv', () => {
  it('has a line for each cell', async () => {
    const lines = (await written('csv', threeRuns)).split('\r\n');
    expect(lines[0]).to.equal(
      'scenario,step,from,to,port,protocol,family,status,expected,observed,model,flaky,attempts,detail',
    );
    expect(lines[3]).to.equal(
      'differs,differs,dev/client,prod/db,5432,TCP,,mismatch,deny,allowed,,false,1,nc: connected after 2 ms',
    );
    expect(lines).to.have.lengthOf(1 + 8 + 1);
  });

  it('quotes what needs it (RFC 4180), and lets no spreadsheet run a detail', async () => {
    const details = ['a "b", c', '=1+1', '@SUM(A1)', '-2', ' x'];
    const cells = details.map((detail, at) => seen(['a/x', 'a/y', `${at + 1}/TCP`, 'allowed'], { detail }));
    const lines = (await written('csv', runOf(scenarioOf([stepOf(cells)])))).split('\r\n').slice(1, -1);
    const [head] = lines.map((line) => line.indexOf(',1,') + 3);
    expect(head).to.be.above(3);
    const last = lines.map((line) => /,false,1,(.*)$/.exec(line)?.[1]);
    expect(last).to.deep.equal(['"a ""b"", c"', "'=1+1", "'@SUM(A1)", "'-2", '" x"']);
  });
});

describe('tap', () => {
  it('has a point for each step, and a plan that counts them', async () => {
    const text = await written('tap', threeRuns);
    const points = text.split('\n').filter((line) => /^(?:not )?ok|^1\.\.|^TAP/.test(line));
    expect(points).to.deep.equal([
      'TAP version 14',
      'ok 1 - passes',
      'not ok 2 - differs',
      'not ok 3 - breaks',
      'not ok 4 - wavers',
      'ok 5 - skips # SKIP 1 cell unsupported on this host',
      '1..5',
    ]);
    expect(text).to.include('  message: "1 cell not as expected"\n  severity: fail\n');
    expect(text).to.include('  - "error in 1 cell: the pod is gone"\n');
  });

  it('escapes what would be a directive, and bails out of a broken run', async () => {
    const step = { ...stepOf([seen(['a/x', 'a/y', '1/TCP', 'allowed'])]), name: 'x # SKIP it \\' };
    const text = await written('tap', { ...runOf(scenarioOf([step])), problem: 'gone' });
    expect(text).to.include('ok 1 - small: x \\# SKIP it \\\\\n');
    expect(text).to.include('Bail out! gone\n');
  });
});
