import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { routeLeftovers } from '../../../../src/deploy/hosts/route-leftovers.ts';
import { nodeDevice, nodeTable, tunnelsIn } from '../../../../src/deploy/hosts/tunnel.ts';
import { failureOf } from '../../failure-of.ts';
import { inFolder } from '../../scripts/temporary-folder.ts';

/** What a node prints, with the device of one host, and the rules of another. */
const SHOWN = `5: vxlan.calico: <BROADCAST,UP> mtu 1450 qdisc noqueue state UNKNOWN mode DEFAULT group default
9: ${nodeDevice('172.18.0.6')}: <BROADCAST,UP> mtu 1450 qdisc noqueue state UNKNOWN mode DEFAULT group default
0:	from all lookup local
1000:	from 192.168.77.10 to 172.17.5.10 lookup ${nodeTable('172.18.0.6')}
1000:	from 192.168.77.11 to 172.17.5.10 lookup ${nodeTable('172.18.1.200')}
32766:	from all lookup main
0:	from all lookup local
1000:	from fd00::1 to fd00:5::10 lookup ${nodeTable('172.18.1.200')}
1001:	from 192.168.77.11 to 172.17.5.10 lookup 100007
`;

/** Docker with one node, and these addresses on the nodes' network. */
const dockerWith = (addresses: readonly string[], shown = `${SHOWN}end\n`) => `#!/bin/sh
here=\${0%/*}
case "$*" in
  'network inspect kind '*) printf '%s\\n' ${addresses.map((address) => `'${address}/16'`).join(' ')} ;;
  *'echo end') [ -e "$here/gone" ] && { echo end; exit 0; }
    cat <<'SHOWN'
${shown}SHOWN
    ;;
  *) printf '%s\\n' "$*" >>"$here/calls"; [ -e "$here/stuck" ] || touch "$here/gone" ;;
esac
`;

describe('ways to hosts that are no more', () => {
  const path = process.env.PATH;
  afterEach(() => {
    process.env.PATH = path;
  });

  const on = (files: Readonly<Record<string, string>>, work: (folder: string) => Promise<void>) =>
    inFolder(files, async (folder) => {
      process.env.PATH = `${folder}:${path}`;
      await work(folder);
    });

  it('are read from devices and rules, each once, and from nothing that is not podreach’s', () => {
    expect(tunnelsIn(SHOWN)).to.deep.equal(['0.6', '1.200']);
    expect(tunnelsIn('')).to.deep.equal([]);
  });

  it('are those of addresses that no container has', () =>
    on({ docker: dockerWith(['172.18.0.2', '172.18.0.6']) }, async (folder) => {
      const [found, ...others] = await routeLeftovers(['node-1']);
      expect(others).to.deep.equal([]);
      expect(found).to.include({ what: 'route', name: 'node-1: the route to a host at *.1.200', since: undefined });
      await found?.remove();
      const [call] = (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
      expect(call).to.match(
        new RegExp(`^exec node-1 sh -c .* sh ${nodeDevice('172.18.1.200')} ${nodeTable('172.18.1.200')}$`),
      );
    }));

  it('are none if every container is there, or a part of its address alone is alike', () =>
    on({ docker: dockerWith(['172.18.0.6', '172.18.1.200']) }, async () => {
      expect(await routeLeftovers(['node-1'])).to.deep.equal([]);
      expect(await routeLeftovers([])).to.deep.equal([]);
    }));

  it('are all if there is no container', () =>
    on({ docker: dockerWith(['172.18.10.6']) }, async () => {
      expect(await routeLeftovers(['node-1'])).to.have.length(2);
    }));

  it('stay if another host has got the address meanwhile', () =>
    on({ docker: dockerWith(['172.18.0.6']) }, async (folder) => {
      const [found] = await routeLeftovers(['node-1']);
      await writeFile(join(folder, 'docker'), dockerWith(['172.18.1.200']));
      await found?.remove();
      expect(await readFile(join(folder, 'calls'), 'utf8').catch(() => 'none')).to.equal('none');
    }));

  it('report where they cannot be removed', () =>
    on({ docker: dockerWith(['172.18.0.6']), stuck: '' }, async () => {
      const [found] = await routeLeftovers(['node-1']);
      const failure = await failureOf(found?.remove() ?? Promise.resolve());
      expect(failure.message).to.equal('node-1 still has the route to *.1.200');
    }));

  it('are not judged by an answer that was cut off', () =>
    on({ docker: dockerWith([], SHOWN) }, async () => {
      expect((await failureOf(routeLeftovers(['node-1']))).message).to.contain('the answer was cut off');
    }));
});
