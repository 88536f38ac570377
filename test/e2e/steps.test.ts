import { expect } from 'chai';
import { copyScenario, edit, type JsonReport, removeCopies, runJson } from './door.ts';

type Scenario = JsonReport['scenarios'][number];

/** What was seen and not expected, as `scenario, step: from -> to port verdict`. */
const wrongIn = (scenarios: readonly Scenario[]): readonly string[] =>
  scenarios.flatMap((scenario) =>
    scenario.steps.flatMap(({ name, cells }) =>
      cells
        .filter(({ expected, observed }) => expected !== null && (expected === 'allow') !== (observed === 'allowed'))
        .map(
          ({ from, to, port, observed }) =>
            `${scenario.name.replace(CHANGED, '')}, ${name}: ${from} -> ${to} ${port} ${observed}`,
        ),
    ),
  );

// One run for both, because scenarios whose pods differ only in labels share them.
describe('the steps of a scenario', () => {
  let run: Awaited<ReturnType<typeof runJson>>;
  let own: readonly Scenario[];
  let changed: readonly Scenario[];

  before(async () => {
    run = await runJson('--record', 'scenarios/steps', ...(await changedCopies()));
    const isChanged = ({ name }: Scenario) => name.endsWith(CHANGED);
    changed = run.report.scenarios.filter(isChanged);
    own = run.report.scenarios.filter((scenario) => !isChanged(scenario));
  });
  after(removeCopies);

  it('open and close what they should, whatever changes, and the model agrees in every cell', () => {
    const steps = own.flatMap((scenario) => scenario.steps);
    expect(
      steps.filter(({ status }) => status !== 'pass').map(({ name, problem }) => `${name}: ${problem}`),
      run.all,
    ).to.deep.equal([]);
    expect(own).to.have.length(9);
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

  it('start pods under policies, on each node, and see them from their first moment', async () => {
    const { scenario, all } = await runUntilSeen(await fewStarts(), ({ starts }) =>
      starts?.cells.some(({ samples, blindMs }) => samples === 0 || blindMs > STALL_MS),
    );
    const [, late] = scenario.steps;
    expect(late?.status, all).to.equal('pass');
    const { starts = [], cells = [] } = late?.starts ?? {};
    expect(new Set(starts.map(({ node }) => node))).to.have.property('size', 2);
    const kinds = cells.map(({ window, direction }) => `${window} ${direction}`);
    for (const kind of ['open egress', 'open ingress', 'closed egress', 'closed ingress'])
      expect(kinds).to.include(kind);
    for (const { samples } of cells) expect(samples).to.be.above(20);
  });

  it('fail at the step whose change is another one, and nowhere else', () => {
    expect(run.exitCode, run.all).to.equal(1);
    expect(wrongIn(changed)).to.have.members([
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

  it('fail if a connection that is open goes on although it is expected to stop', async () => {
    const { scenario, all } = await runUntilSeen(await changedEstablished(), ({ established }) =>
      established?.connections.some(({ broken }) => broken?.kind === 'server' || broken?.kind === 'unproven'),
    );
    const { steps } = scenario;
    expect(
      steps.map(({ name, status }) => `${name}: ${status}`),
      all,
    ).to.deep.equal(['start: pass', 'ingress denied: fail']);
    expect(steps[1]?.established?.connections.map(({ turns }) => turns.map(({ state }) => state))).to.deep.equal([
      ['flows'],
      ['flows'],
    ]);
  });
});

const CHANGED = ', changed';
const STALL_MS = 1_000;
const ATTEMPTS = 3;

/** Runs a scenario again while it says that a machine that stood still hid what it looked for. */
const runUntilSeen = async (
  folder: string,
  isHidden: (step: Scenario['steps'][number]) => boolean | undefined,
): Promise<{ readonly scenario: Scenario; readonly all: string }> => {
  for (let tried = 1; ; tried += 1) {
    const { report, all } = await runJson('--record', folder);
    const [scenario] = report.scenarios;
    if (!scenario) throw new Error(`no scenario was run:\n${all}`);
    if (!scenario.steps.some(isHidden) || tried === ATTEMPTS) return { scenario, all };
  }
};

/** A copy of the scenario of starts, with fewer. */
const fewStarts = async (): Promise<string> => {
  const copy = await copyScenario('starts/new-client');
  await edit(`${copy}/scenario.yaml`, (text) => text.replace('starts: 20', 'starts: 2'));
  return copy;
};

/** A copy of the first steps of the scenario of connections, of which one is expected to stop. */
const changedEstablished = async (): Promise<string> => {
  const copy = await copyScenario('established');
  await edit(`${copy}/scenario.yaml`, (text) =>
    text.slice(0, text.indexOf('  - name: egress')).replace('expect: flows', 'expect: stops'),
  );
  return copy;
};

/** Copies of four scenarios, each with another change in one of its steps. */
const changedCopies = async (): Promise<readonly string[]> => {
  const names = ['policy-updated', 'relabelled-namespace', 'late-pod', 'address-reused'];
  const copies = await Promise.all(names.map((name) => copyScenario(`steps/${name}`)));
  const [updated = '', relabelled = '', late = '', reused = ''] = copies;
  await edit(`${updated}/changes/wider.yaml`, (text) => text.replace('ingress: [{}]', 'ingress: []'));
  await edit(`${relabelled}/scenario.yaml`, (text) => text.replace('{environment: qa}', '{team: qa}'));
  await edit(`${late}/scenario.yaml`, (text) => text.replace('{role: visitor}', '{role: client}'));
  // At another address, because --keep keeps the pods of a scenario that fails.
  await edit(`${reused}/scenario.yaml`, (text) =>
    text.replace('heir: {labels: {role: client}, ', 'heir: {').replaceAll('192.168.88.30', '192.168.89.30'),
  );
  for (const [at, folder] of copies.entries())
    await edit(`${folder}/scenario.yaml`, (text) => `name: '${names[at]}${CHANGED}'\n${text}`);
  return copies;
};
