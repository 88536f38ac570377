import { expect } from 'chai';
import { copyScenario, edit, podreach, removeCopies } from './door.ts';

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
    await edit(`${folder}/scenario.yaml`, (text) => text.replace('172.30.5.10', '192.168.5.10'));
    const { exitCode, stderr } = await podreach('run', folder);
    expect(exitCode).to.equal(2);
    expect(stderr).to.match(/host:stranger has 192\.168\.5\.10, but the cluster uses 192\.168\.0\.0\/16 for its pods/);
    expect(stderr).not.to.contain('cluster podreach-');
  });

  for (const [args, word] of [
    [['run', '--workers', '0'], '--workers'],
    [['run', '--shard', '3/2'], '--shard'],
    [['run', '--grep', '('], '--grep'],
    [['run', '--reporter', 'pdf'], 'pdf'],
    [['run', '--reporter', 'terminal,json'], '--output'],
    [['run', '--grep', 'nothing-has-this-name'], 'deny-all'],
    [['run', '/nowhere/at/all'], '/nowhere/at/all'],
    [['fly'], 'fly'],
    [['model', '/nowhere/at/all'], '/nowhere/at/all'],
    [['explain', 'scenarios/deny-all', 'prod/wbe', 'prod/api', '8080'], 'prod/web'],
    [['explain', 'scenarios/deny-all', 'prod/web', 'prod/api', 'http'], '8080/TCP'],
    [['explain', 'scenarios', 'prod/web', 'prod/api', '8080'], 'scenarios'],
  ] as const) {
    it(`exits 2 and says why: podreach ${args.join(' ')}`, async () => {
      const { exitCode, stderr } = await podreach(...args);
      expect(exitCode).to.equal(2);
      expect(stderr).to.contain(word);
      expect(stderr).not.to.contain('    at ');
    });
  }
});
