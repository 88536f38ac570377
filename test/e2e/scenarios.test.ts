import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, use } from 'chai';
import { parse } from 'yaml';
import podreachChai from '../../src/chai/index.ts';
import { describeScenarios } from '../../src/mocha/index.ts';
import {
  cellsOf,
  copyScenario,
  edit,
  type JsonCell,
  type JsonReport,
  keptKubeconfig,
  podreach,
  removeCopies,
  runJson,
  temporaryFolder,
} from './door.ts';

/** What deny-all does not let through. */
const TURNED = '{from: dev/client, to: prod/web, port: 80}';

const cellsIn = ({ scenarios }: JsonReport, scenario: string): readonly JsonCell[] =>
  cellsOf({ scenarios: scenarios.filter(({ name }) => name === scenario) });

use(podreachChai);

// Every scenario of the repository, and one whose steps are timed.
await describeScenarios(
  ['scenarios', 'scenarios/steps/policy-updated'],
  { keep: true, record: true },
  ({ scenario, matrix }) => {
    it('is what the model says, which knows every cell because the pods have addresses', async () => {
      for (const step of scenario.steps)
        for (const { from, to, port, observed, model } of (await matrix(step.name)).cells)
          if (from !== to)
            expect(model, `${from} -> ${to} ${port}`).to.equal(observed === 'allowed' ? 'allow' : 'deny');
    });

    // Independent of the expectation in the file: prod takes nothing in and lets nothing out, all else is open.
    if (scenario.name === 'deny-all')
      it('is what the specification says, cell by cell', async () => {
        const seen = await matrix();
        const cells = seen.cells.filter(({ from, to }) => from !== to);
        expect(cells).to.have.length(40);
        for (const { from, to, port } of cells)
          if (from.startsWith('prod/') || to.startsWith('prod/')) expect(seen).to.deny(from, to, port);
          else expect(seen).to.allow(from, to, port);
      });

    if (scenario.name === 'policy-updated')
      it('is enforced in both directions within the time that settling may take', async () => {
        for (const step of ['narrower', 'wider']) expect(await matrix(step)).to.enforceWithin('30s');
      });
  },
);

describe('podreach run, live', () => {
  after(removeCopies);

  // One run for all of them, on the same pods: they differ in what they expect, and in policies.
  describe('expectations that were changed', () => {
    let run: Awaited<ReturnType<typeof podreach>>;
    let report: JsonReport;
    let evidence: string;
    before(async () => {
      const renamedCopy = async (name: string, original: string, change: (text: string) => string = (text) => text) => {
        const folder = await copyScenario(original);
        await edit(`${folder}/scenario.yaml`, (text) => change(text.replace(/^name: .*$/m, `name: ${name}`)));
        return folder;
      };
      const invert = (grid: string) => grid.replace(/(?<= )[.X](?= |$)/gm, (mark) => (mark === '.' ? 'X' : '.'));
      const folders = [
        await renamedCopy('turned-rule', 'deny-all', (text) => `${text}    - allow: ${TURNED}\n`),
        await renamedCopy('turned-grid', 'complex-policy', (text) => {
          const at = text.indexOf('grid:');
          return text.slice(0, at) + invert(text.slice(at));
        }),
        await renamedCopy('predicted', 'complex-policy', (text) =>
          text.slice(0, text.indexOf('expect:')).concat('expect: model\n'),
        ),
        await renamedCopy('without', 'complex-policy', (text) => text.slice(0, text.indexOf('expect:'))),
        await renamedCopy('lost-from', 'allow-from-dev'),
      ];
      const policies = `${folders.at(-1)}/policies`;
      // The grid is written by hand, and so are the policies that those of this folder take the place of.
      const advised = join(await temporaryFolder(), 'advised');
      const advice = await podreach('advise', 'scenarios/deny-first-then-allow', '--output', advised);
      expect(advice.exitCode, advice.all).to.equal(0);
      folders.push(advised);
      for (const file of await readdir(policies)) {
        await edit(`${policies}/${file}`, (text) => {
          const policy = parse(text);
          delete policy.spec.ingress[0].from;
          return JSON.stringify(policy);
        });
      }
      const file = join(await temporaryFolder(), 'run.json');
      evidence = await temporaryFolder();
      const flags = ['--reporter', 'terminal,json', '--output', file, '--evidence', evidence];
      run = await podreach('run', '--keep', ...flags, ...folders);
      report = JSON.parse(await readFile(file, 'utf8'));
    });

    it('fail the run, and only where they are wrong', () => {
      // No expectation never passes, and nothing is worse.
      expect(run.exitCode, run.all).to.equal(2);
      expect(report.scenarios.map(({ name, status }) => `${name} ${status}`)).to.have.members([
        'without error',
        'deny-first-then-allow pass',
        'lost-from fail',
        'predicted pass',
        'turned-grid fail',
        'turned-rule fail',
      ]);
    });

    it('are named, that cell alone, with how to repeat it, if one was turned around', () => {
      const isMet = ({ expected, observed }: JsonCell) => (expected === 'allow') === (observed === 'allowed');
      const wrong = cellsIn(report, 'turned-rule').filter((cell) => cell.expected !== null && !isMet(cell));
      expect(wrong.map(({ from, to, port }) => `${from} -> ${to} ${port}`)).to.deep.equal([
        'dev/client -> prod/web 80',
      ]);
      const [own = ''] =
        /^failed {2}turned-rule\b.*?(?=^(?:passed|failed|error) {2}|^\d+ scenarios)/ms.exec(run.stdout) ?? [];
      // The explanation stands below: it is the policy, not the CNI.
      expect(own).to.contain('the policy is not what you expected');
      expect(own).to.match(/ingress of prod\/web: denied; prod\/deny-all selects every pod of prod/);
      expect(own).to.match(/dev\/client -> prod\/web 80\/TCP: expected allow, seen dropped/);
      expect(own).to.match(/kubectl --kubeconfig \S+ exec -n dev-\w+ client -c probe -- timeout \d+ nc /);
      expect(run.stdout).not.to.contain('disagree');
    });

    it('are noticed in every single cell if a grid was turned around', () => {
      const judged = cellsIn(report, 'turned-grid').filter(({ expected }) => expected !== null);
      expect(judged).to.have.length(40);
      for (const cell of judged) expect((cell.expected === 'allow') === (cell.observed === 'allowed')).to.equal(false);
    });

    it('leave evidence of the policies and of what the agents made of them', async () => {
      const [step] = report.scenarios.find(({ name }) => name === 'turned-rule')?.steps ?? [];
      const folder = step?.evidence ?? '';
      expect(folder)
        .to.match(/\/turned-rule$/)
        .and.to.contain(evidence);
      const read = (name: string) => readFile(join(folder, name), 'utf8');
      expect(await read('policies.yaml')).to.match(/name: deny-all\n {2}namespace: prod-/);
      const index = await read('INDEX.txt');
      expect(index).to.contain('mismatch: dev/client -> prod/web 80/TCP: expected allow, seen dropped');
      expect(index).not.to.contain('Not collected');
      const nodes = (await readdir(join(folder, 'agent-rules'))).map((file) => file.replace('.txt', ''));
      // Where prod/web runs, its chain leads to the policy.
      const rules = await Promise.all(nodes.map((node) => read(`agent-rules/${node}.txt`)));
      expect(rules.join('\n')).to.match(/-A cali-tw-cali\w{11} .* -j cali-pi-/);
      expect(await read(`agent-logs/${nodes[0]}.log`)).to.contain('felix/');
      expect(await readdir(join(folder, '..', 'cluster-logs'))).not.to.deep.equal([]);
      const { users } = parse(await readFile(await keptKubeconfig(), 'utf8'));
      const texts = await readdir(evidence, { recursive: true, withFileTypes: true });
      for (const text of texts.filter((one) => one.isFile()))
        for (const secret of Object.values<string>(users[0].user))
          expect(await readFile(join(text.parentPath, text.name), 'utf8')).not.to.contain(secret);
      expect((await readdir(evidence)).length).to.equal(1);
    });

    it('are what the model predicts if that is asked for', () => {
      expect(cellsIn(report, 'predicted').filter(({ expected }) => expected === 'deny')).to.have.length(11);
    });

    it('are missed if a policy loses its from, which opens it to everyone', () => {
      const opened = cellsIn(report, 'lost-from').filter(
        ({ expected, observed }) => expected === 'deny' && observed === 'allowed',
      );
      expect(opened.map(({ from }) => from)).to.include('unlabelled/client');
    });
  });

  it('writes what was seen with -u, and passes on it afterwards, beside a restricted namespace', async () => {
    const folder = await copyScenario('complex-policy');
    const original = await readFile(`${folder}/scenario.yaml`, 'utf8');
    await edit(`${folder}/scenario.yaml`, (text) => text.slice(0, text.indexOf('expect:')));
    const updating = await podreach('run', '--keep', '-u', folder);
    expect(updating.exitCode, updating.all).to.equal(0);
    expect(parse(await readFile(`${folder}/scenario.yaml`, 'utf8')).expect).to.deep.equal(parse(original).expect);
    // One more is held to the restricted Pod Security Standard.
    const restricted = await copyScenario('no-policy');
    await edit(`${restricted}/scenario.yaml`, (text) =>
      text.replace('{environment: prod}', '{environment: prod, pod-security.kubernetes.io/enforce: restricted}'),
    );
    const relabelled = await copyScenario('allow-from-dev');
    await edit(`${relabelled}/scenario.yaml`, (text) =>
      text
        .slice(0, text.indexOf('expect:'))
        .concat('expect: model\n')
        .replace('{environment: dev}', '{environment: qa}'),
    );
    const late = await copyScenario('deny-first-then-allow');
    const { exitCode, report, all } = await runJson('--workers', '1', relabelled, folder, restricted, late);
    const statuses = Object.fromEntries(report.scenarios.map(({ name, status }) => [name, status]));
    expect(statuses, all).to.deep.equal({
      'allow-from-dev': 'pass',
      'complex-policy': 'pass',
      'deny-first-then-allow': 'pass',
      'no-policy': 'pass',
    });
    expect(exitCode, all).to.equal(0);
    // The namespace dev has another label in one of two scenarios on the same pods.
    const fromDev = cellsIn(report, 'allow-from-dev').filter(
      ({ from, to }) => from === 'dev/client' && to === 'prod/web',
    );
    expect(fromDev.map(({ observed }) => observed)).to.deep.equal(['dropped', 'dropped']);
    const deployed = report.scenarios.filter(({ timings }) => 'deployMs' in timings).map(({ name }) => name);
    expect(deployed).to.include('no-policy').and.to.have.length(2);
    // It runs on those pods too, and on one that is created for it.
    expect(deployed).not.to.include('deny-first-then-allow');
    const lateCells = cellsIn(report, 'deny-first-then-allow').filter(({ from, to }) => from !== to);
    expect(lateCells.filter(({ from, to }) => `${from} ${to}`.includes('prod/job'))).to.have.length(14);
    for (const { from, to, port, observed, model } of lateCells)
      expect(model, `${from} -> ${to} ${port}`).to.equal(observed === 'allowed' ? 'allow' : 'deny');
    // No credential of the kubeconfig is in what a run prints, nor in what `cluster up` does.
    const up = await podreach('cluster', 'up');
    const kubeconfig = /--kubeconfig (\S+)/.exec(up.stdout)?.[1] ?? '';
    const { users } = parse(await readFile(kubeconfig, 'utf8'));
    for (const secret of Object.values<string>(users[0].user)) expect(`${all}${up.all}`).not.to.contain(secret);
  });

  it('refuses a policy with a misspelt field, as kubectl does, and says where', async () => {
    const folder = await copyScenario('deny-all');
    const [file] = await readdir(`${folder}/policies`);
    await edit(`${folder}/policies/${file}`, (text) => text.replace('podSelector', 'podSelektor'));
    const { exitCode, stdout, stderr } = await podreach('run', '--keep', folder);
    expect(exitCode).to.equal(2);
    expect(stdout).to.equal('');
    expect(stderr).to.match(new RegExp(`policies/${file}:\\d+:\\d+: unknown key "podSelektor"; .*"podSelector"`));
  });
});
