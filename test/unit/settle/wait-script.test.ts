import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { type PortState, parseWait, waitArgv } from '../../../src/settle/wait-script.ts';

/** Opens its "port" for 10.0.0.1 on the third attempt; .2 hangs, .3 refuses, .4 is open, .5 is broken. */
const stub = (folder: string): string => `#!/bin/sh
case $3 in
  10.0.0.1) [ -e ${folder}/2 ] && exit 0; [ -e ${folder}/1 ] && : >${folder}/2; : >${folder}/1; exec sleep 5 ;;
  10.0.0.2) exec sleep 5 ;;
  10.0.0.3) exit 1 ;;
  10.0.0.4) exit 0 ;;
  10.0.0.5) exit 127 ;;
esac
`;

const run = async (shell: readonly [string, ...string[]], wanted: PortState, addresses: readonly string[]) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'podreach-stub-'));
  writeFileSync(path.join(folder, 'nc'), stub(folder), { mode: 0o755 });
  const [, ...argv] = waitArgv(wanted, 1000, 8001, addresses);
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const child = spawn(shell[0], [...shell.slice(1), ...argv], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) stdout += chunk;
  return Object.fromEntries(parseWait(stdout));
};

const SHELLS: readonly (readonly [string, ...string[]])[] = [['sh'], ['busybox', 'sh']];
for (const shell of SHELLS.filter(([command]) => spawnSync(command, ['-c', ':']).error === undefined))
  describe(`the wait script in ${shell.join(' ')}`, function () {
    this.timeout(8000);

    it('waits until a port is open, through attempts that hang', async () => {
      const start = performance.now();
      expect(await run(shell, 'open', ['10.0.0.1', '10.0.0.4'])).to.deep.equal({
        '10.0.0.1': 'yes',
        '10.0.0.4': 'yes',
      });
      expect(performance.now() - start).to.be.within(350, 1500);
    });

    it('says where it did not open, and where the tool broke', async () => {
      expect(await run(shell, 'open', ['10.0.0.2', '10.0.0.3', '10.0.0.5'])).to.deep.equal({
        '10.0.0.2': 'no',
        '10.0.0.3': 'no',
        '10.0.0.5': 'broken 127',
      });
    });

    it('takes dropped and refused for closed, and never a broken tool', async () => {
      expect(await run(shell, 'closed', ['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5'])).to.deep.equal({
        '10.0.0.2': 'yes',
        '10.0.0.3': 'yes',
        '10.0.0.4': 'no',
        '10.0.0.5': 'broken 127',
      });
    });
  });

describe('parseWait', () => {
  it('believes nothing without the last line', () => {
    expect(parseWait('10.0.0.1 yes\n').size).to.equal(0);
    expect([...parseWait('10.0.0.1 yes\njunk\nend\n')]).to.deep.equal([['10.0.0.1', 'yes']]);
  });
});
