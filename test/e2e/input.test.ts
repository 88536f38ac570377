import { expect } from 'chai';
import { copyScenario, edit, podreach, removeCopies } from './door.ts';

describe('wrong input', () => {
  after(removeCopies);

  it('is told with its place and the nearest name, before any cluster is touched', async () => {
    const folder = await copyScenario('deny-all');
    await edit(`${folder}/scenario.yaml`, (text) => text.replace('deny: {to: prod/*}', 'deny: {to: prd/*}'));
    const { exitCode, stdout, stderr } = await podreach('run', folder);
    expect(exitCode).to.equal(2);
    expect(stdout).to.equal('');
    expect(stderr).to.match(/deny-all\/scenario\.yaml:\d+:\d+: .*prd.*prod/);
    expect(stderr).not.to.match(/cluster podreach-| {4}at /);
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
  ] as const) {
    it(`exits 2 and says why: podreach ${args.join(' ')}`, async () => {
      const { exitCode, stderr } = await podreach(...args);
      expect(exitCode).to.equal(2);
      expect(stderr).to.contain(word);
      expect(stderr).not.to.contain('    at ');
    });
  }
});
