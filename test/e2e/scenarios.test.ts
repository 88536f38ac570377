import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { cellsOf, copyScenario, edit, podreach, removeCopies, runJson, temporaryFolder } from './door.ts';

describe('podreach run, live', () => {
  after(removeCopies);

  it('proves every scenario of the repository', async () => {
    const report = join(await temporaryFolder(), 'run.json');
    const args = ['--reporter', 'terminal,json', '--output', report];
    const { exitCode, stdout, all } = await podreach('run', '--keep', ...args);
    expect(exitCode, all).to.equal(0);
    expect(stdout).to.match(/^(\d+) scenarios: \1 passed$/m);
    // The model agrees with the CNI in every cell, and knows each, for the pods have addresses.
    const cells = cellsOf(JSON.parse(await readFile(report, 'utf8')));
    expect(cells).to.have.length.above(300);
    for (const { from, to, port, observed, model } of cells.filter((cell) => cell.from !== cell.to))
      expect(model, `${from} -> ${to} ${port}`).to.equal(observed === 'allowed' ? 'allow' : 'deny');
  });

  it('proves what the model predicts if that is what is expected', async () => {
    const folder = await copyScenario('complex-policy');
    await edit(`${folder}/scenario.yaml`, (text) => `${text.slice(0, text.indexOf('expect:'))}expect: model\n`);
    const { exitCode, report } = await runJson(folder);
    expect(exitCode).to.equal(0);
    expect(cellsOf(report).filter(({ expected }) => expected === 'deny')).to.have.length(11);
  });

  it('sees in deny-all what the specification says, cell by cell', async () => {
    // Independent of the expectation in the file: prod takes nothing in and lets nothing out, all else is open.
    const { report, exitCode } = await runJson('scenarios/deny-all');
    const cells = cellsOf(report).filter(({ from, to }) => from !== to);
    expect(cells).to.have.length(40);
    for (const { from, to, observed, detail } of cells) {
      const blocked = from.startsWith('prod/') || to.startsWith('prod/');
      expect(observed, `${from} -> ${to} (${detail})`).to.equal(blocked ? 'dropped' : 'allowed');
    }
    expect(exitCode).to.equal(0);
  });

  it('fails on an expectation that was turned around, names that cell alone, and reports how to repeat it', async () => {
    const folder = await copyScenario('deny-all');
    await edit(`${folder}/scenario.yaml`, (text) => `${text}    - allow: {from: dev/client, to: prod/web, port: 80}\n`);
    const { exitCode, stdout } = await podreach('run', '--keep', folder);
    expect(exitCode).to.equal(1);
    expect(stdout).to.contain('1 not as expected');
    // The explanation stands below: it is the policy, not the CNI.
    expect(stdout).to.contain('the policy is not what you expected');
    expect(stdout).to.match(/ingress of prod\/web: denied; prod\/deny-all selects every pod of prod/);
    expect(stdout).not.to.contain('disagree');
    expect(stdout).to.match(/dev\/client -> prod\/web 80\/TCP: expected allow, seen dropped/);
    expect(stdout).to.match(/kubectl --kubeconfig \S+ exec -n dev-\w+ client -c probe -- timeout \d+ nc /);
  });

  it('notices every single cell of a grid that is turned around', async () => {
    const folder = await copyScenario('complex-policy');
    const file = `${folder}/scenario.yaml`;
    const invert = (grid: string) => grid.replace(/(?<= )[.X](?= |$)/gm, (mark) => (mark === '.' ? 'X' : '.'));
    await edit(file, (text) => text.slice(0, text.indexOf('grid:')) + invert(text.slice(text.indexOf('grid:'))));
    const { exitCode, report } = await runJson(folder);
    expect(exitCode).to.equal(1);
    const judged = cellsOf(report).filter(({ expected }) => expected !== null);
    expect(judged).to.have.length(40);
    for (const cell of judged) expect((cell.expected === 'allow') === (cell.observed === 'allowed')).to.equal(false);
  });

  it('fails when a policy loses its from, which opens it to everyone', async () => {
    const folder = await copyScenario('allow-from-dev');
    const policies = (await readFile(`${folder}/scenario.yaml`, 'utf8')) && `${folder}/policies`;
    const { readdir } = await import('node:fs/promises');
    for (const file of await readdir(policies)) {
      await edit(`${policies}/${file}`, (text) => {
        const policy = parse(text);
        delete policy.spec.ingress[0].from;
        return JSON.stringify(policy);
      });
    }
    const { exitCode, report } = await runJson(folder);
    expect(exitCode).to.equal(1);
    const opened = cellsOf(report).filter(({ expected, observed }) => expected === 'deny' && observed === 'allowed');
    expect(opened.map(({ from }) => from)).to.include('unlabelled/client');
  });

  it('writes what was seen with -u, and passes on it afterwards', async () => {
    const folder = await copyScenario('complex-policy');
    const original = await readFile(`${folder}/scenario.yaml`, 'utf8');
    await edit(`${folder}/scenario.yaml`, (text) => text.slice(0, text.indexOf('expect:')));
    const without = await podreach('run', '--keep', folder);
    expect(without.exitCode, 'no expectation never passes').to.equal(2);
    const updating = await podreach('run', '--keep', '-u', folder);
    expect(updating.exitCode, updating.all).to.equal(0);
    expect(parse(await readFile(`${folder}/scenario.yaml`, 'utf8')).expect).to.deep.equal(parse(original).expect);
    expect((await podreach('run', '--keep', folder)).exitCode).to.equal(0);
  });

  it('runs under the restricted Pod Security Standard', async () => {
    const folder = await copyScenario('no-policy');
    await edit(`${folder}/scenario.yaml`, (text) =>
      text.replace('{environment: prod}', '{environment: prod, pod-security.kubernetes.io/enforce: restricted}'),
    );
    const { exitCode, all } = await podreach('run', '--keep', folder);
    expect(exitCode, all).to.equal(0);
  });

  it('refuses a policy with a misspelt field, as kubectl does, and says where', async () => {
    const folder = await copyScenario('deny-all');
    const { readdir } = await import('node:fs/promises');
    const [file] = await readdir(`${folder}/policies`);
    await edit(`${folder}/policies/${file}`, (text) => text.replace('podSelector', 'podSelektor'));
    const { exitCode, stdout, stderr } = await podreach('run', '--keep', folder);
    expect(exitCode).to.equal(2);
    expect(stdout).to.equal('');
    expect(stderr).to.match(new RegExp(`policies/${file}:\\d+:\\d+: unknown key "podSelektor"; .*"podSelector"`));
  });

  it('prints no credential of the kubeconfig anywhere', async () => {
    const { all } = await podreach('run', '--keep', 'scenarios/no-policy');
    const up = await podreach('cluster', 'up');
    const kubeconfig = /--kubeconfig (\S+)/.exec(up.stdout)?.[1] ?? '';
    const { users } = parse(await readFile(kubeconfig, 'utf8'));
    for (const secret of Object.values<string>(users[0].user)) expect(`${all}${up.all}`).not.to.contain(secret);
  });
});
