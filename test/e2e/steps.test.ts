import { expect } from 'chai';
import { copyScenario, edit, type JsonReport, removeCopies, runJson } from './door.ts';

/** What was seen and not expected, as `scenario, step: from -> to port verdict`. */
const wrongIn = ({ scenarios }: JsonReport): readonly string[] =>
  scenarios.flatMap((scenario) =>
    scenario.steps.flatMap(({ name, cells }) =>
      cells
        .filter(({ expected, observed }) => expected !== null && (expected === 'allow') !== (observed === 'allowed'))
        .map(({ from, to, port, observed }) => `${scenario.name}, ${name}: ${from} -> ${to} ${port} ${observed}`),
    ),
  );

describe('the steps of a scenario', () => {
  after(removeCopies);

  it('open and close what they should, whatever changes, and the model agrees in every cell', async () => {
    const { exitCode, report, all } = await runJson('--record', 'scenarios/steps');
    const steps = report.scenarios.flatMap((scenario) => scenario.steps);
    expect(
      steps.filter(({ status }) => status !== 'pass').map(({ name, problem }) => `${name}: ${problem}`),
      all,
    ).to.deep.equal([]);
    expect(exitCode).to.equal(0);
    expect(report.scenarios).to.have.length(9);
    expect(steps).to.have.length(32);
    const cells = steps.flatMap((step) => step.cells).filter(({ from, to }) => from !== to);
    for (const { from, to, port, observed, model } of cells)
      expect(model, `${from} -> ${to} ${port}`).to.equal(observed === 'allowed' ? 'allow' : 'deny');
    const recorded = steps.flatMap(({ recording }) => recording?.cells ?? []);
    for (const direction of ['opened', 'closed']) {
      const times = recorded.filter((cell) => cell.direction === direction).map(({ enforcedMs }) => enforcedMs);
      expect(times).to.have.length.above(10);
      expect(times).not.to.include(null);
    }
  });

  it('fail at the step whose change is another one, and nowhere else', async () => {
    const copies = await Promise.all(
      ['policy-updated', 'relabelled-namespace', 'late-pod', 'address-reused'].map((name) =>
        copyScenario(`steps/${name}`),
      ),
    );
    const [updated = '', relabelled = '', late = '', reused = ''] = copies;
    await edit(`${updated}/changes/wider.yaml`, (text) => text.replace('ingress: [{}]', 'ingress: []'));
    await edit(`${relabelled}/scenario.yaml`, (text) => text.replace('{environment: qa}', '{team: qa}'));
    await edit(`${late}/scenario.yaml`, (text) => text.replace('{role: visitor}', '{role: client}'));
    await edit(`${reused}/scenario.yaml`, (text) => text.replace('heir: {labels: {role: client}, ', 'heir: {'));
    const { exitCode, report, all } = await runJson(...copies);
    expect(exitCode, all).to.equal(1);
    expect(wrongIn(report)).to.have.members([
      ...['prod/api', 'dev/client', 'dev/other'].map((from) => `policy-updated, wider: ${from} -> prod/web 80 dropped`),
      ...['dev/client', 'dev/other'].map((from) => `relabelled-namespace, closed: ${from} -> prod/web 80 allowed`),
      // The namespace still has its label in the later steps.
      ...['opened', 'without the label'].flatMap((step) =>
        ['dev/client', 'dev/other'].map((from) => `relabelled-namespace, ${step}: ${from} -> prod/web 80 allowed`),
      ),
      'late-pod, sources: dev/stranger -> prod/web 80 allowed',
      ...['web', 'web-late'].map((to) => `late-pod, destinations: dev/stranger -> prod/${to} 80 allowed`),
      'address-reused, an heir has it: dev/heir -> prod/web 80 dropped',
    ]);
  });
});
