import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { updatingGrids } from '../../../../src/commands/run/update-grids.ts';
import type { RunEvents, ScenarioResult } from '../../../../src/matrix/index.ts';
import { judge, predict, statusOf, whyOf } from '../../../../src/matrix/index.ts';
import type { Verdict } from '../../../../src/probe/index.ts';
import type { Progress } from '../../../../src/progress.ts';
import { expectedIn, type Family, loadScenarios, probesIn, type Scenario } from '../../../../src/scenario/index.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const head = 'namespaces: {prod: {pods: {web: {ports: [80]}, client: {}}}}\npolicies: []\n';
const grid = (mark: string) => `expect:
  grid: |2
                 prod/web
                 80/TCP
    prod/web     #
    prod/client  ${mark}
`;

/** The result as it is after the update, which is what is told of it. */
const updateOf = async (scenarios: readonly Scenario[], before: ScenarioResult, progress: Progress) => {
  const told: unknown[] = [];
  const events: RunEvents = {
    onStepEnd: (step) => void told.push(step),
    onScenarioEnd: (result) => void told.push(result),
  };
  const updating = updatingGrids(scenarios, events, progress);
  for (const _step of before.steps) updating.events.onStepEnd();
  updating.events.onScenarioEnd(before);
  const { scenarios: results } = await updating.applied({ scenarios: [before], timings: {} });
  expect(told).to.deep.equal([...(results[0]?.steps ?? []), results[0]]);
  return results;
};

type SeenAs = (family: Family | undefined) => Verdict;

/** What becomes of a scenario.yaml and of its result, where every connection was seen as `verdict`. */
const updated = (
  expectation: string,
  verdict: Verdict | SeenAs,
  families: readonly Family[] = ['IPv4'],
  start = head,
) =>
  withFiles({ 'scenario.yaml': start + expectation }, async (folder) => {
    const scenarios = await loadScenarios([folder]);
    const [scenario] = scenarios;
    const [step] = scenario?.steps ?? [];
    if (!scenario || !step) throw new Error('no scenario');
    const seenAs: SeenAs = typeof verdict === 'function' ? verdict : () => verdict;
    const probes = probesIn(scenario.steps[0].topology, families);
    const observed = probes.map((probe) => ({
      ...probe,
      verdict: probe.from === probe.to ? ('allowed' as const) : seenAs(probe.family),
      flaky: false,
      attempts: 1,
      detail: '',
    }));
    const predictions = predict({ topology: scenario.steps[0].topology, policies: step.policies, families });
    const expected = Array.isArray(step.expected) ? expectedIn(step.expected, probes, families) : step.expected;
    const cells = judge(expected, observed, predictions);
    const status = statusOf(cells);
    const why = whyOf(cells, { topology: scenario.steps[0].topology, policies: step.policies, families });
    const before: ScenarioResult = {
      name: scenario.name,
      file: scenario.file,
      status,
      timings: {},
      steps: [{ name: step.name, status, timings: {}, cells, why }],
    };
    const { progress } = fakeTerminal();
    const [result] = await updateOf(scenarios, before, progress);
    const text = await readFile(join(folder, 'scenario.yaml'), 'utf8');
    return { before, result, written: text.slice(start.length) };
  });

describe('updatingGrids', () => {
  it('writes what was seen over a grid, and judges by it', async () => {
    const { written, result } = await updated(grid('.'), 'dropped');
    expect(written).to.equal(grid('X'));
    expect(result?.status).to.equal('pass');
  });

  describe('where a grid expects nothing of some cells', () => {
    const some = (client: string, other: string) =>
      grid(client).replace(/(prod\/)client(.*\n)$/, `$1client$2    prod/other   ${other}\n`);
    const three = 'namespaces: {prod: {pods: {web: {ports: [80]}, client: {}, other: {}}}}\npolicies: []\n';

    it('keeps their marks, and writes the others', async () => {
      const { written, result } = await updated(some('*', '.'), 'dropped', ['IPv4'], three);
      expect(written).to.equal(some('*', 'X'));
      expect(result?.status).to.equal('pass');
      expect(result?.steps[0]?.cells.filter(({ from }) => from === 'prod/client')[0]).to.include({
        ...{ expected: null, exempt: true, status: 'unjudged' },
      });
    });

    it('leaves a grid alone if the rest of it is as expected', async () => {
      const { written, before, result } = await updated(some('*', 'X'), 'dropped', ['IPv4'], three);
      expect(written).to.equal(some('*', 'X'));
      expect(before.status).to.equal('pass');
      expect(result).to.equal(before);
    });

    it('writes all of a grid that expects nothing at all, which is no expectation', async () => {
      const { written, before, result } = await updated(some('*', '*'), 'dropped', ['IPv4'], three);
      expect(before.status).to.equal('error');
      expect(written).to.equal(some('X', 'X'));
      expect(result?.status).to.equal('pass');
    });
  });

  it('writes a grid if nothing is expected', async () => {
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

  it('writes each step at its own place, and leaves those that pass as they are', async () => {
    const head = 'namespaces: {prod: {pods: {web: {ports: [80]}, client: {}}}}\npolicies: []\n';
    const text = `steps:\n  - name: open\n  - name: closed\n`;
    await withFiles({ 'scenario.yaml': head, 'steps.yaml': text }, async (folder) => {
      const [loaded] = await loadScenarios([folder]);
      if (!loaded) return expect.fail('no scenario');
      const file = join(folder, 'steps.yaml');
      const at = (index: number) => ({ ...loaded.steps[0], name: `${index}`, path: ['steps', index] });
      const cellOf = (verdict: Verdict, expectation: 'allow' | 'deny' | null) => {
        const probe = { from: 'prod/client', to: 'prod/web', port: 80, protocol: 'TCP' } as const;
        const observed = [{ ...probe, verdict, flaky: false, attempts: 1, detail: '' }];
        return judge(expectation && [{ ...probe, expectation }], observed, predict(loaded.steps[0]));
      };
      const resultOf = (cells: ReturnType<typeof cellOf>) => ({
        name: '',
        status: statusOf(cells),
        timings: {},
        cells,
      });
      const seen = [cellOf('allowed', 'allow'), cellOf('dropped', null)].map(resultOf);
      const before = { name: 'it', file, status: 'error', timings: {}, steps: seen } as const;
      const scenario = { ...loaded, file, steps: [at(0), at(1)] as const };
      const [result] = await updateOf([scenario], before, fakeTerminal().progress);
      expect(result?.status).to.equal('pass');
      expect(result?.steps[0]).to.equal(seen[0]);
      expect(result?.steps[1]?.cells[0]).to.include({ expected: 'deny', status: 'match' });
      const indented = grid('X').replaceAll(/^(?=.)/gm, '    ');
      expect(await readFile(file, 'utf8')).to.equal(`${text}${indented}`);
    });
  });

  describe('with steps that keep the grid before them', () => {
    const text = `${head}${grid('.')}steps:
  - label: {prod/web: {a: b}}
  - label: {prod/web: {a: c}}
`;
    /** The file and the statuses after an update, where the connection was seen so in each step. */
    const updatedSteps = (...verdicts: readonly Verdict[]) =>
      withFiles({ 'scenario.yaml': text }, async (folder) => {
        const scenarios = await loadScenarios([folder]);
        const [scenario] = scenarios;
        if (!scenario) return expect.fail('no scenario');
        const probe = { from: 'prod/client', to: 'prod/web', port: 80, protocol: 'TCP' } as const;
        const steps = scenario.steps.map(({ name, expected }, at) => {
          const observed = { ...probe, verdict: verdicts[at] ?? 'error', flaky: false, attempts: 1, detail: '' };
          const cells = verdicts[at] ? judge(expected, [observed], []) : [];
          return { name, status: statusOf(cells), timings: {}, cells };
        });
        const before: ScenarioResult = { ...scenario, status: 'fail', timings: {}, steps };
        const [result] = await updateOf(scenarios, before, fakeTerminal().progress);
        return {
          written: await readFile(join(folder, 'scenario.yaml'), 'utf8'),
          statuses: result?.steps.map(({ status }) => status),
        };
      });
    const own = (mark: string) => grid(mark).replaceAll(/^(?=.)/gm, '    ');

    it('writes none for a step that the new grid fits, too', async () => {
      const { written, statuses } = await updatedSteps('dropped', 'dropped', 'dropped');
      expect(written).to.equal(text.replace(grid('.'), grid('X')));
      expect(statuses).to.deep.equal(['pass', 'pass', 'pass']);
    });

    it('writes one for a step that the old grid fitted, and the new one does not', async () => {
      const { written, statuses } = await updatedSteps('dropped', 'allowed', 'allowed');
      const [first = '', second = ''] = text.replace(grid('.'), grid('X')).split('  - label: {prod/web: {a: c}}\n');
      expect(written).to.equal(`${first}${own('.')}  - label: {prod/web: {a: c}}\n${second}`);
      expect(statuses).to.deep.equal(['pass', 'pass', 'pass']);
    });

    it('writes nothing after a step of which nothing is certain', async () => {
      const { written, statuses } = await updatedSteps('error', 'allowed', 'allowed');
      expect(written).to.equal(text);
      expect(statuses).to.deep.equal(['error', 'pass', 'pass']);
    });

    it('leaves a step that broke', async () => {
      const { written, statuses } = await updatedSteps('dropped');
      expect(written).to.equal(text.replace(grid('.'), grid('X')));
      expect(statuses).to.deep.equal(['pass', 'error', 'error']);
    });
  });

  describe('in a cluster of both families', () => {
    const BOTH = ['IPv4', 'IPv6'] as const;

    it('writes one grid if they agree, and judges both by it', async () => {
      const { written, result } = await updated(grid('.'), 'dropped', BOTH);
      expect(written).to.equal(grid('X'));
      expect(result?.status).to.equal('pass');
      const judged = result?.steps[0]?.cells.filter(({ status }) => status !== 'self');
      expect(judged?.map(({ family, expected }) => [family, expected])).to.deep.equal([
        ['IPv4', 'deny'],
        ['IPv6', 'deny'],
      ]);
    });

    it('writes nothing if they differ, and says what would distinguish them', async () => {
      const differing: SeenAs = (family) => (family === 'IPv6' ? 'dropped' : 'allowed');
      const { written, result } = await updated(grid('X'), differing, BOTH);
      expect(written).to.equal(grid('X'));
      expect(result?.status).to.equal('error');
      expect(result?.steps[0]?.problem).to.contain('IPv4 and IPv6 differ in prod/client > prod/web 80/TCP');
      expect(result?.steps[0]?.hint).to.contain('rules');
    });
  });
});
