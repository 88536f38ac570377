import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { giveAccess } from '../../../src/cluster/registry-access.ts';
import { onPath } from '../host/on-path.ts';

/** `docker exec` whose node is the folder of this program. */
const DOCKER = `#!/bin/sh
here=\${0%/*}
[ "$1 $2" = 'exec --interactive' ] || exit 64
node=$3; shift 3
echo "$node $1" >>"$here/calls"
if [ "$1" = sh ]; then
  exec sh -c "$3" sh "$here/$node$5"
fi
echo "$node $*" >>"$here/commands"
`;

describe('giveAccess', () => {
  const ca = { file: 'ca.pem', pem: '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n' };

  it('reports the containerd of every node by which certificates to recognise the registry', () =>
    onPath({ docker: DOCKER }, async (folder) => {
      await giveAccess(['a', 'b'], { registry: '172.18.0.9:5000', ca });
      for (const node of ['a', 'b']) {
        const certificates = join(folder, node, 'etc/containerd/certs.d/172.18.0.9:5000');
        expect(await readFile(join(certificates, 'ca.crt'), 'utf8')).to.equal(ca.pem);
        // https://github.com/containerd/containerd/blob/main/docs/hosts.md
        expect(await readFile(join(certificates, 'hosts.toml'), 'utf8')).to.equal(
          'server = "https://172.18.0.9:5000"\n\n[host."https://172.18.0.9:5000"]\n  ca = "/etc/containerd/certs.d/172.18.0.9:5000/ca.crt"\n',
        );
      }
    }));

  it('gives the kubelet the login, in a file that only root may read, and restarts it', () =>
    onPath({ docker: DOCKER }, async (folder) => {
      await giveAccess(['a'], { registry: 'r.example', login: { username: 'ann', password: 'pa:ss' } });
      const written = JSON.parse(await readFile(join(folder, 'a/var/lib/kubelet/config.json'), 'utf8'));
      // echo -n 'ann:pa:ss' | base64
      expect(written).to.deep.equal({ auths: { 'r.example': { auth: 'YW5uOnBhOnNz' } } });
      const { stat } = await import('node:fs/promises');
      expect((await stat(join(folder, 'a/var/lib/kubelet/config.json'))).mode & 0o077).to.equal(0);
      expect(await readFile(join(folder, 'commands'), 'utf8')).to.equal('a systemctl restart kubelet\n');
    }));

  it('does nothing if neither is needed', () =>
    onPath({ docker: '#!/bin/sh\nexit 1\n' }, () => giveAccess(['a'], { registry: 'r.example' })));
});
