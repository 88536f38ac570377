import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import { cellsOf, podreach, removeCopies, runJson, temporaryFolder } from './door.ts';

const APPS = ['web', 'client', 'other'];

const policy = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'web', namespace: 'prod' },
  spec: {
    podSelector: { matchLabels: { app: 'web' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }] }],
  },
};

/** Four pods of each app, of which clients are expected to get into web, or nobody. */
const scenarioWith = async (name: string, rules: readonly object[]): Promise<string> => {
  const folder = await temporaryFolder();
  const pods = APPS.flatMap((app) =>
    Array.from({ length: 4 }, (_, index) => [`${app}-${index}`, { labels: { app }, ports: [80] }] as const),
  );
  const scenario = {
    name,
    namespaces: { prod: { pods: Object.fromEntries(pods) } },
    expect: { default: 'allow', rules },
  };
  await mkdir(join(folder, 'policies'));
  await writeFile(join(folder, 'scenario.yaml'), stringify(scenario));
  await writeFile(join(folder, 'policies', 'web.yaml'), stringify(policy));
  return folder;
};

describe('a sample of the cells', () => {
  after(removeCopies);

  const nobody = { deny: { to: 'prod/web-*' } };
  const clients = { allow: { from: 'prod/client-*', to: 'prod/web-*' } };

  // On the same pods.
  it('proves what is right with a part of the cells, and finds what is wrong', async () => {
    const folders = [await scenarioWith('right', [nobody, clients]), await scenarioWith('wrong', [nobody])];
    const kept = await temporaryFolder();
    const more = ['--repeat-each', '2', '--history', kept];
    const { exitCode, report, all } = await runJson('--probe', 'classes', ...more, ...folders);
    expect(exitCode, all).to.equal(1);
    expect(report.scenarios.map(({ name, status }) => `${name} ${status}`)).to.have.members([
      'right pass',
      'wrong fail',
    ]);
    const cellsIn = (scenario: string) =>
      cellsOf({ scenarios: report.scenarios.filter(({ name }) => name === scenario) });
    const cells = cellsIn('right').filter(({ from, to }) => from !== to);
    // Three apps on two nodes make 36 pairs of classes; a twentieth of the other 96 cells are five. The scheduler may
    // have put all pods of an app on one node.
    expect(cells).to.have.length.within(15, 42);
    const failed = cellsIn('wrong').filter(({ expected, observed }) => expected === 'deny' && observed === 'allowed');
    // Clients of each node to web of each node.
    expect(failed).to.have.length.above(3);
    for (const { from, to } of failed) expect(`${from} > ${to}`).to.match(/^prod\/client-\d > prod\/web-\d$/);
    // Each matrix was taken twice, and saw the same.
    for (const { observed, tally } of cells) expect(tally).to.deep.equal({ [`${observed}`]: 2 });
    const { stdout } = await podreach('history', kept, '--grep', '^right$', '--full', '--reporter', 'json');
    const [step, ...others] = JSON.parse(stdout).steps;
    expect(others).to.deep.equal([]);
    const seen = step.cells.map(({ from, to, now }: Record<string, string>) => `${from} ${to} ${now}`);
    expect(seen).to.have.members(cells.map(({ from, to, observed }) => `${from} ${to} ${observed}`));
  });
});
