import { expect } from 'chai';
import type { RunResult } from '../../../src/matrix/index.ts';
import { noteText } from '../../../src/report/index.ts';
import { json, reporters } from '../../../src/report/reporters/index.ts';
import { contract, published } from './json-contract.ts';
import { at, dual, missing, modelled, notes, repeated } from './rare-runs.ts';
import { predicted, runOf, sampleRun, scenarioOf, seen, stepOf } from './sample-run.ts';

const textOf = (result: RunResult) => [...json(result)].join('');
const written = (result: RunResult) => JSON.parse(textOf(result));

describe('json', () => {
  for (const [name, result] of Object.entries({ sampleRun, missing, modelled, dual, repeated, empty: runOf() })) {
    it(`keeps the contract and its schema: ${name}`, () => {
      expect(contract.safeParse(written(result)).error?.issues).to.equal(undefined);
      expect(published.safeParse(written(result)).error?.issues).to.equal(undefined);
    });
  }

  it('has a schema that can fail', () => {
    const whole = written(sampleRun);
    const [scenario] = whole.scenarios;
    const [step] = scenario.steps;
    const withCell = (cell: object) => ({
      ...whole,
      scenarios: [{ ...scenario, steps: [{ ...step, cells: [cell] }] }],
    });
    const { detail: _, ...withoutDetail } = step.cells[0];
    const wrong = [
      { ...whole, schema: 'podreach/run/v2' },
      { ...whole, scenarios: [{ ...scenario, status: 'passed' }] },
      withCell({ ...step.cells[0], observed: 'blocked' }),
      withCell({ ...step.cells[0], port: 0 }),
      withCell({ ...step.cells[0], status: 'passed' }),
      withCell({ ...step.cells[0], expected: 'refuse' }),
      withCell({ ...step.cells[0], family: 'ipv6' }),
      withCell(withoutDetail),
      { ...whole, scenarios: [{ ...scenario, notes: [{ kind: 'left-out', ...at }] }] },
      { ...whole, scenarios: [{ ...scenario, notes: [{ kind: 'gone', ...at, message: 'x' }] }] },
    ];
    expect(published.safeParse(withCell(step.cells[0])).success).to.equal(true);
    for (const each of wrong) expect(published.safeParse(each).success).to.equal(false);
  });

  it('writes the notes as data, and in words for people', () => {
    expect(written(modelled).scenarios[0].notes).to.deep.equal(
      notes.map((one) => ({ ...one, message: noteText(one) })),
    );
  });

  it('writes a scenario whole', () => {
    const observed = [seen(['a/x', 'a/y', '80/TCP', 'dropped'], { flaky: true, attempts: 2, detail: 'nc: timed out' })];
    const step = stepOf(observed, undefined, { timings: { probeMs: 12 } });
    const scenario = scenarioOf([step], { intent: 'Nobody.', timings: { deployMs: 3 } });
    expect(written({ scenarios: [scenario], timings: { totalMs: 20 } })).to.deep.equal({
      schema: 'podreach/run/v1',
      timings: { totalMs: 20 },
      scenarios: [
        {
          name: 'small',
          intent: 'Nobody.',
          file: 'scenarios/small/scenario.yaml',
          status: 'fail',
          timings: { deployMs: 3 },
          warnings: [],
          notes: [],
          steps: [
            {
              name: 'only',
              status: 'fail',
              timings: { probeMs: 12 },
              cells: [
                {
                  from: 'a/x',
                  to: 'a/y',
                  port: 80,
                  protocol: 'TCP',
                  status: 'flaky',
                  expected: 'deny',
                  observed: 'dropped',
                  model: null,
                  flaky: true,
                  attempts: 2,
                  detail: 'nc: timed out',
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('writes what each cell came to', () => {
    const statuses = ({ scenarios: [scenario] }: { scenarios: { steps: { cells: { status: string }[] }[] }[] }) =>
      scenario?.steps[0]?.cells.map(({ status: its }) => its);
    expect(statuses(written(sampleRun))).to.deep.equal([
      ...['self', 'match', 'mismatch'],
      ...['match', 'self', 'self'],
      ...['mismatch', 'flaky', 'error'],
    ]);
    expect(statuses(written(missing))).to.deep.equal(['unsupported', 'error']);
    expect(statuses(written(modelled))).to.deep.equal(['unjudged']);
  });

  it('writes a cell that nobody observed as null', () => {
    expect(written(missing).scenarios[0].steps[0].cells[1]).to.include({
      expected: 'deny',
      observed: null,
      flaky: false,
      attempts: 0,
      detail: '',
    });
  });

  it('writes the family of a cell if there are two, and what is expected as it is written', () => {
    const [four, six] = written(dual).scenarios[0].steps[0].cells;
    expect(four).to.include({ family: 'IPv4', expected: 'drop', observed: 'dropped' });
    expect(six).to.include({ family: 'IPv6', expected: 'reject', observed: 'dropped' });
    expect(written(missing).scenarios[0].steps[0].cells[0]).to.not.have.property('family');
  });

  it('writes a prediction as a cell that nobody observed, and the warnings at their places', () => {
    const [scenario] = written(modelled).scenarios;
    expect(scenario.status).to.equal('unjudged');
    expect(scenario.steps[0].cells[0]).to.include({ expected: null, observed: null, model: 'unknown', attempts: 0 });
    expect(scenario.warnings).to.deep.equal(modelled.scenarios[0]?.warnings);
  });

  it('writes what the model says beside what was seen', () => {
    const predictions = [predicted(['a/x', 'a/y', '80/TCP', 'deny'])];
    const step = stepOf([seen(['a/x', 'a/y', '80/TCP', 'allowed'])], undefined, {}, predictions);
    expect(written(runOf(scenarioOf([step]))).scenarios[0].steps[0].cells[0]).to.include({
      observed: 'allowed',
      model: 'deny',
    });
  });

  it('escapes what could steer a terminal, and reads back the same', () => {
    const name = 'a\u001b\u007f\u009b\u202e\u2028\u{e0001}é🙂';
    const result = runOf(scenarioOf([], { name }));
    const text = textOf(result);
    expect(text.replaceAll('\n', '')).to.not.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(text).to.contain('é🙂').and.to.match(/\n$/);
    expect(written(result).scenarios[0].name).to.equal(name);
  });
});

describe('reporters', () => {
  it('are found by name', () => {
    expect(Object.keys(reporters)).to.deep.equal([
      ...['terminal', 'list', 'json', 'ndjson', 'junit', 'github', 'markdown', 'html', 'csv', 'tap', 'svg', 'dot'],
    ]);
  });
});
