import { expect } from 'chai';
import { execa } from 'execa';
import { cellsOf, copyScenario, edit, podreach, removeCopies } from './door.ts';

describe('a cluster with both families of IP', () => {
  after(removeCopies);

  it('is probed on each, reports where an ipBlock is off by one address, and is gone with the run', async () => {
    const twin = await copyScenario('dual-stack/ip-blocks');
    await edit(`${twin}/scenario.yaml`, (text) => `name: twin\n${text}`);
    await edit(`${twin}/policies/prod.yaml`, (text) => text.replace('fd00:10:244::786/128', 'fd00:10:244::787/128'));
    const args = ['--ip-family', 'dual', '--workers', '1', '--reporter', 'json'];
    const { exitCode, stdout, stderr, all } = await podreach('run', ...args, 'scenarios/dual-stack', twin);
    expect(exitCode, all).to.equal(1);
    const report = JSON.parse(stdout);
    const statuses = report.scenarios.map(({ name, status }: { name: string; status: string }) => `${name} ${status}`);
    expect(statuses, all).to.have.members(['both-families pass', 'ip-blocks pass', 'twin fail']);
    const cells = cellsOf(report);
    // Each family in as many cells, but for the host that has IPv4 alone.
    const ofFamily = (family: string) => cells.filter((cell) => cell.family === family);
    expect(ofFamily('IPv6')).to.have.length.above(20);
    expect(ofFamily('IPv4').length + ofFamily('IPv6').length).to.equal(cells.length);
    const wrong = cells.filter(({ expected, observed }) => (expected === 'allow') !== (observed === 'allowed'));
    const judged = wrong.filter(
      ({ from, to, expected, model }) => from !== to && expected !== null && model !== 'unknown',
    );
    expect(judged.map(({ from, to, family, model }) => `${from} -> ${to} ${family} ${model}`)).to.deep.equal([
      'prod/six -> prod/web IPv6 deny',
    ]);
    const [, name = ''] = /creating the cluster (podreach-\S+)/.exec(stderr) ?? [];
    expect(name).not.to.equal('');
    const nodes = ['ps', '--all', '--filter', `label=io.x-k8s.kind.cluster=${name}`, '--quiet'];
    expect((await execa('docker', nodes)).stdout).to.equal('');
  });
});
