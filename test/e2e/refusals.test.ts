import { expect } from 'chai';
import { execa } from 'execa';
import { cellsOf, copyScenario, edit, podreach, removeCopies, runJson } from './door.ts';

/** Tells Calico what to do with what a policy denies: `Drop` as it does by itself, or `Reject`. */
const deny = async (action: 'Drop' | 'Reject'): Promise<void> => {
  const { stdout } = await podreach('cluster', 'up');
  const name = /clusters\/(podreach-[^/]+)\/kubeconfig/.exec(stdout)?.[1] ?? '';
  const patch = JSON.stringify({ spec: { iptablesFilterDenyAction: action } });
  const kubectl = ['exec', `${name}-control-plane`, 'kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf'];
  await execa('docker', [
    ...kubectl,
    'patch',
    'felixconfigurations.crd.projectcalico.org',
    'default',
    '--type=merge',
    '-p',
    patch,
  ]);
};

describe('a refusal', () => {
  let folder: string;

  before(async () => {
    folder = await copyScenario('deny-all');
    // UDP beside TCP, and what is denied has to be refused.
    await edit(`${folder}/scenario.yaml`, (text) =>
      text.replaceAll('- deny:', '- reject:').replaceAll('[80, 8080]', '[80, 53/UDP]'),
    );
  });

  after(async () => {
    await deny('Drop');
    await removeCopies();
  });

  it('is told from silence, over TCP and UDP, where the CNI rejects', async () => {
    await deny('Reject');
    const { exitCode, report, all } = await runJson(folder);
    expect(exitCode, all).to.equal(0);
    const rejected = cellsOf(report).filter(({ expected }) => expected === 'reject');
    expect(new Set(rejected.map(({ protocol }) => protocol))).to.deep.equal(new Set(['TCP', 'UDP']));
    for (const { from, to, observed, detail } of rejected)
      expect(observed, `${from} -> ${to} (${detail})`).to.equal('rejected');
  });

  it('is not what was asked for where the CNI drops, or where `drop` was', async () => {
    await deny('Drop');
    const dropped = await runJson(folder);
    expect(dropped.exitCode, dropped.all).to.equal(1);
    const cells = cellsOf(dropped.report).filter(({ expected }) => expected === 'reject');
    expect(new Set(cells.map(({ observed }) => observed))).to.deep.equal(new Set(['dropped']));
    await edit(`${folder}/scenario.yaml`, (text) => text.replaceAll('- reject:', '- drop:'));
    expect((await runJson(folder)).exitCode).to.equal(0);
    await deny('Reject');
    expect((await runJson(folder)).exitCode).to.equal(1);
  });
});
