import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { updateGrids } from '../../../src/commands/update-grids.ts';
import { judge, predict, statusOf } from '../../../src/matrix/index.ts';
import type { Verdict } from '../../../src/probe/index.ts';
import type { ScenarioResult } from '../../../src/report/index.ts';
import { loadScenarios, probesOf } from '../../../src/scenario/index.ts';
import { withFiles } from '../scenario/temporary-folder.ts';
import { fakeTerminal } from './fake-terminal.ts';

const head = 'namespaces: {prod: {pods: {web: {ports: [80]}, client: {}}}}\npolicies: []\n';
const grid = (mark: string) => `expect:
  grid: |2
                 prod/web
                 80/TCP
    prod/web     #
    prod/client  ${mark}
`;

/** What becomes of a scenario.yaml and of its result, where every connection was seen as `verdict`. */
const updated = (expectation: string, verdict: Verdict) =>
  withFiles({ 'scenario.yaml': head + expectation }, async (folder) => {
    const scenarios = await loadScenarios([folder]);
    const [scenario] = scenarios;
    const [step] = scenario?.steps ?? [];
    if (!scenario || !step) throw new Error('no scenario');
    const observed = probesOf(scenario.topology).map((probe) => ({
      ...probe,
      verdict: probe.from === probe.to ? ('allowed' as const) : verdict,
      flaky: false,
      attempts: 1,
      detail: '',
    }));
    const predictions = predict({ topology: scenario.topology, policies: step.policies });
    const cells = judge(step.expected, observed, predictions);
    const status = statusOf(cells);
    const why = new Map([['prod/client > prod/web 80/TCP', ['no policy']]]);
    const before: ScenarioResult = {
      name: scenario.name,
      file: scenario.file,
      status,
      timings: {},
      steps: [{ name: step.name, status, timings: {}, cells, why }],
    };
    const { progress } = fakeTerminal();
    const [result] = await updateGrids(scenarios, [before], progress);
    const text = await readFile(join(folder, 'scenario.yaml'), 'utf8');
    return { before, result, written: text.slice(head.length) };
  });

describe('updateGrids', () => {
  it('writes what was seen over a grid, and judges by it', async () => {
    const { written, result } = await updated(grid('.'), 'dropped');
    expect(written).to.equal(grid('X'));
    expect(result?.status).to.equal('pass');
  });

  it('writes a grid where nothing is expected', async () => {
    const { written, result } = await updated('', 'allowed');
    expect(written).to.equal(grid('.'));
    expect(result?.status).to.equal('pass');
  });

  it('keeps what the specification says, which the cells did not do, and why', async () => {
    const { result } = await updated(grid('.'), 'dropped');
    expect(result?.steps[0]?.cells.at(-1)).to.include({ observed: 'dropped', model: 'allow', status: 'match' });
    expect(result?.steps[0]?.why?.size).to.equal(1);
  });

  for (const [what, expectation] of [
    ['rules', 'expect: {default: allow}\n'],
    ['the model', 'expect: model\n'],
  ] as const)
    it(`never overwrites ${what}`, async () => {
      const { before, result, written } = await updated(expectation, 'dropped');
      expect(written).to.equal(expectation);
      expect(result).to.equal(before);
      expect(result?.status).to.equal('fail');
    });

  it('writes nothing that is not certain, and says so', async () => {
    const { result, written } = await updated(grid('.'), 'error');
    expect(written).to.equal(grid('.'));
    expect(result?.status).to.equal('error');
    expect(result?.steps[0]?.problem).to.contain('no certain verdict');
  });
});
