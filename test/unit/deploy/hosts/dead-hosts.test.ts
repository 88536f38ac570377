import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { ownerText, thisOwner } from '../../../../src/cluster/owner.ts';
import { removeDeadHosts } from '../../../../src/deploy/hosts/hosts.ts';
import { nodeDevice, nodeTable } from '../../../../src/deploy/hosts/tunnel.ts';
import { inFolder } from '../../scripts/temporary-folder.ts';

/** [container, owner, nodes, address; empty for a container that no longer runs] */
type Row = readonly [container: string, owner: string, nodes: string, underlay: string];

/** Docker with these containers: lists them, tells their addresses, and keeps what else it was asked in `calls`. */
const dockerWith = (rows: readonly Row[]): string => `#!/bin/sh
for last; do :; done
case $1 in
  ps)
    case "$*" in *--all*'label=podreach/host'*) ;; *) exit 64 ;; esac
    printf '%s\\n' ${rows.map(([container, owner, nodes]) => `'${container}\t${owner}\t${nodes}'`).join(' ')} ;;
  inspect)
    case $last in
${rows.map(([container, , , underlay]) => `      ${container}) echo '${underlay}' ;;`).join('\n')}
    esac ;;
  *) printf '%s\\n' "$*" >>"\${0%/*}/calls" ;;
esac
`;

/** What Docker was asked to do. */
const callsOn = async (docker: string): Promise<readonly string[]> => {
  let calls = '';
  await inFolder({ docker }, async (folder) => {
    process.env.PATH = folder;
    await removeDeadHosts();
    calls = await readFile(join(folder, 'calls'), 'utf8').catch(() => '');
  });
  return calls.split('\n').filter((call) => call !== '');
};

describe('removeDeadHosts', () => {
  const path = process.env.PATH;
  let alive = '';
  let dead = '';
  before(async () => {
    const own = await thisOwner();
    alive = ownerText(own);
    // No process has this number: the kernel's largest is 4194304 (PID_MAX_LIMIT in linux/threads.h).
    dead = ownerText({ ...own, pid: 4_194_305, started: '1' });
  });
  afterEach(() => {
    process.env.PATH = path;
  });

  it('removes the containers of processes that are gone, and nothing else', async () => {
    const calls = await callsOn(
      dockerWith([
        ['podreach-office-alive', alive, 'n1', '172.18.0.5'],
        ['podreach-office-dead1', dead, 'n1', '172.18.0.6'],
        ['podreach-office-other', dead.replace(/^\S+/, 'another-machine'), 'n1', '172.18.0.7'],
        ['podreach-office-nobody', '', 'n1', '172.18.0.8'],
        ['podreach-office-dead2', dead, 'n1', '172.18.0.9'],
      ]),
    );
    const removed = calls.filter((call) => call.startsWith('rm '));
    expect(removed.map((call) => call.split(' ').at(-1))).to.deep.equal([
      'podreach-office-dead1',
      'podreach-office-dead2',
    ]);
    for (const call of removed) expect(call).to.match(/^rm --force /);
    expect(calls.join('\n')).to.not.match(/alive|other|nobody/);
  });

  it('takes its end of the tunnel from every node first, by device and table', async () => {
    const calls = await callsOn(dockerWith([['podreach-office-dead1', dead, 'n1,n2', '172.18.0.6']]));
    const ends = calls.flatMap((call) => /^exec (\S+) .* (\S+) (\S+)$/.exec(call)?.slice(1).join(' ') ?? []);
    const end = `${nodeDevice('172.18.0.6')} ${nodeTable('172.18.0.6')}`;
    expect(ends.sort()).to.deep.equal([`n1 ${end}`, `n2 ${end}`]);
    expect(calls.at(-1)).to.match(/^rm .* podreach-office-dead1$/);
  });

  it('takes every rule of both families from the node, and ends when there is none', async () => {
    const [call = ''] = await callsOn(dockerWith([['podreach-office-dead1', dead, 'n1', '172.18.0.6']]));
    const [, script = '', device = '', table = ''] = /^exec \S+ sh -c (.*) sh (\S+) (\S+)$/.exec(call) ?? [];
    // Has one rule of IPv4 and two of IPv6, each a line of a file.
    const ip = `#!/bin/sh
folder=\${0%/*}
echo "$*" >>"$folder/done"
case "$*" in
  'rule delete table '*) rules=$folder/four ;;
  '-6 rule delete table '*) rules=$folder/six ;;
  *) exit 0 ;;
esac
[ -s "$rules" ] || exit 2
sed -i 1d "$rules"
`;
    await inFolder({ ip, four: 'rule\n', six: 'rule\nrule\n' }, async (folder) => {
      const env = { PATH: `${folder}:${path}` };
      expect(spawnSync('sh', ['-c', script, 'sh', device, table], { env, timeout: 5000 }).error).to.equal(undefined);
      expect((await readFile(join(folder, 'done'), 'utf8')).trim().split('\n')).to.deep.equal([
        `link delete ${device}`,
        ...Array(2).fill(`rule delete table ${table}`),
        ...Array(3).fill(`-6 rule delete table ${table}`),
      ]);
    });
  });

  it("leaves the nodes alone where the container stands still: its address may be another one's by now", async () => {
    const calls = await callsOn(dockerWith([['podreach-office-dead1', dead, 'n1', '']]));
    expect(calls).to.have.length(1);
    expect(calls[0]).to.match(/^rm .* podreach-office-dead1$/);
  });

  it('does nothing where there are none, and where there is no Docker', async () => {
    expect(await callsOn(dockerWith([]))).to.deep.equal([]);
    expect(await callsOn('#!/bin/sh\necho "Cannot connect to the Docker daemon" >&2\nexit 1\n')).to.deep.equal([]);
    process.env.PATH = '/nonexistent';
    await removeDeadHosts();
  });
});
