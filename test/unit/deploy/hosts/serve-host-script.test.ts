import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { SERVE_HOST_SCRIPT } from '../../../../src/deploy/hosts/serve-host-script.ts';
import { inFolder } from '../../scripts/temporary-folder.ts';

/** The servers that are started for these ports, and how the shell ended; the one with `dying` in its words dies. */
const servedBy = async (env: Readonly<Record<string, string>>, dying = 'none') => {
  const agnhost = `#!/bin/sh
echo "$*" >>"\${0%/*}/started"
case "$*" in *'${dying}'*) exit 1 ;; esac
exec sleep 2
`;
  let started: readonly string[] = [];
  let status: number | null = null;
  await inFolder({ agnhost, started: '' }, async (folder) => {
    const script = SERVE_HOST_SCRIPT.replaceAll('/agnhost', join(folder, 'agnhost')).replace('sleep 86400', 'sleep 1');
    const ended = spawnSync('sh', ['-c', script, 'serve'], {
      env: { PATH: process.env.PATH, ...env },
      stdio: 'ignore',
      timeout: 1500,
    });
    status = ended.status;
    started = (await readFile(join(folder, 'started'), 'utf8')).trim().split('\n').sort();
  });
  return { started, status };
};

describe('the serve script of a host', () => {
  it('starts a server for each of its ports, and lives until it is ended', async () => {
    const env = { PODREACH_TCP: '80 443', PODREACH_UDP: '53', PODREACH_SCTP: '9000' };
    const { started, status } = await servedBy(env);
    expect(started).to.deep.equal([
      'netexec --http-port 0 --udp-port -1 --sctp-port 9000',
      'netexec --http-port 0 --udp-port 53',
      'netexec --http-port 443 --udp-port 0',
      'netexec --http-port 80 --udp-port 0',
    ]);
    expect(status).to.equal(0);
  }).timeout(10_000);

  it('ends with 70 when one dies, except one for SCTP, for which the kernel may have no sockets', async () => {
    const env = { PODREACH_TCP: '80', PODREACH_UDP: '53', PODREACH_SCTP: '9000' };
    expect((await servedBy(env, 'http-port 80')).status).to.equal(70);
    expect((await servedBy(env, 'udp-port 53')).status).to.equal(70);
    expect((await servedBy(env, 'sctp-port 9000')).status).to.equal(0);
  }).timeout(20_000);
});
