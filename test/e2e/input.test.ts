import { expect } from 'chai';
import { copyScenario, edit, podreach, removeCopies } from './door.ts';

// What is wrong on a command line is in test/unit/commands, and what only a process shows in test/faults/command-line.test.ts.
describe('wrong input', () => {
  after(removeCopies);

  it('is reported with its place and the nearest name, before any cluster is touched', async () => {
    const folder = await copyScenario('deny-all');
    await edit(`${folder}/scenario.yaml`, (text) => text.replace('deny: {to: prod/*}', 'deny: {to: prd/*}'));
    const { exitCode, stdout, stderr } = await podreach('run', folder);
    expect(exitCode).to.equal(2);
    expect(stdout).to.equal('');
    expect(stderr).to.match(/deny-all\/scenario\.yaml:\d+:\d+: .*prd.*prod/);
    expect(stderr).not.to.match(/cluster podreach-| {4}at /);
  });

  it('refuses a host with an address of the cluster, before any cluster is touched', async () => {
    const folder = await copyScenario('allow-external-traffic');
    await edit(`${folder}/scenario.yaml`, (text) => text.replace('172.16.200.10', '192.168.5.10'));
    const { exitCode, stderr } = await podreach('run', folder);
    expect(exitCode).to.equal(2);
    expect(stderr).to.match(/host:stranger has 192\.168\.5\.10, but the cluster uses 192\.168\.0\.0\/16 for its pods/);
    expect(stderr).not.to.contain('cluster podreach-');
  });
});
