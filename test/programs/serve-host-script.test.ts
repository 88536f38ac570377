import { expect } from 'chai';
import { SERVE_HOST_SCRIPT } from '../../src/deploy/hosts/serve-host-script.ts';
import { served } from '../unit/deploy/served.ts';

/** The one with these words dies. */
const whenDies = (words: string, endsAfter?: number) =>
  served(SERVE_HOST_SCRIPT, {
    env: { PODREACH_TCP: '80', PODREACH_UDP: '53', PODREACH_SCTP: '9000' },
    agnhost: `case "$*" in *'${words}'*) exit 1 ;; esac`,
    ...(endsAfter !== undefined && { endsAfter }),
  });

describe('the serve script of a host', () => {
  it('starts a server for each of its ports, and lives until it is ended', async () => {
    const env = { PODREACH_TCP: '80 443', PODREACH_UDP: '53', PODREACH_SCTP: '9000' };
    const { started, status } = await served(SERVE_HOST_SCRIPT, { env, endsAfter: 4 });
    expect(started).to.deep.equal([
      'netexec --http-port 0 --udp-port -1 --sctp-port 9000',
      'netexec --http-port 0 --udp-port 53',
      'netexec --http-port 443 --udp-port 0',
      'netexec --http-port 80 --udp-port 0',
    ]);
    expect(status).to.equal(0);
  });

  it('ends with 70 when one dies, except one for SCTP, for which the kernel may have no sockets', async () => {
    expect((await whenDies('http-port 80')).status).to.equal(70);
    expect((await whenDies('udp-port 53')).status).to.equal(70);
    expect((await whenDies('sctp-port 9000', 3)).status).to.equal(0);
  });
});
