import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { removeDeadHosts } from '../../src/deploy/hosts/dead-hosts.ts';
import { nodeDevice, nodeTable } from '../../src/deploy/hosts/tunnel.ts';
import { type Ownership, ownershipLabels, thisOwnership } from '../../src/host/ownership.ts';
import { silent } from '../../src/progress.ts';
import { ownCacheHome } from '../unit/host/cache-home.ts';
import { inFolder } from '../unit/scripts/temporary-folder.ts';

/** [container, whose it is, nodes, address; empty for a container that no longer runs] */
type Row = readonly [container: string, ownership: Ownership | undefined, nodes: string, underlay: string];

const inspectedAs = ([name, ownership, nodes]: Row): string =>
  JSON.stringify({
    Id: name,
    Name: `/${name}`,
    Created: '2026-01-01T00:00:00Z',
    Config: {
      Labels: { 'podreach/host': nodes, ...(ownership ? ownershipLabels(ownership) : { 'podreach/home': '' }) },
    },
  });

/** Docker with these containers: lists them, tells their addresses, and keeps what else it was asked in `calls`. */
const dockerWith = (rows: readonly Row[]): string => `#!/bin/sh
for last; do :; done
case "$*" in
  'ps --all --filter label=podreach/home --quiet --no-trunc')
    printf '%s\\n' ${rows.map(([container]) => container).join(' ')} ;;
  'inspect --type container '*)
    cat <<'ROWS'
${rows.map(inspectedAs).join('\n')}
ROWS
    ;;
  'inspect --format '*)
    case $last in
${rows.map(([container, , nodes, underlay]) => `      ${container}) printf '%s\\t%s\\n' '${nodes}' '${underlay}' ;;`).join('\n')}
    esac ;;
  *) printf '%s\\n' "$*" >>"\${0%/*}/calls" ;;
esac
`;

const path = process.env.PATH;

/** What Docker was asked to do. */
const callsOn = async (docker: string): Promise<readonly string[]> => {
  let calls = '';
  await inFolder({ docker }, async (folder) => {
    process.env.PATH = `${folder}:${path}`;
    await removeDeadHosts(silent);
    calls = await readFile(join(folder, 'calls'), 'utf8').catch(() => '');
  });
  return calls.split('\n').filter((call) => call !== '');
};

describe('removeDeadHosts', () => {
  ownCacheHome();
  let alive: Ownership;
  let dead: Ownership;
  beforeEach(async () => {
    alive = await thisOwnership();
    // No process has this number: the kernel's largest is 4194304 (PID_MAX_LIMIT in linux/threads.h).
    dead = { ...alive, owner: { ...alive.owner, pid: 4_194_305, started: '1' } };
  });
  afterEach(() => {
    process.env.PATH = path;
  });

  it('removes the containers of processes that are gone, and nothing else', async () => {
    const calls = await callsOn(
      dockerWith([
        ['podreach-office-alive', alive, 'n1', '172.18.0.5'],
        ['podreach-office-dead1', dead, 'n1', '172.18.0.6'],
        ['podreach-office-other1', { ...dead, owner: { ...dead.owner, place: 'elsewhere' } }, 'n1', '172.18.0.7'],
        ['podreach-office-other2', { ...dead, home: '0123456789ab', user: 1000 }, 'n1', '172.18.0.7'],
        ['podreach-office-nobody', undefined, 'n1', '172.18.0.8'],
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

  it("leaves the nodes alone if the container stands still: its address may be another one's by now", async () => {
    const calls = await callsOn(dockerWith([['podreach-office-dead1', dead, 'n1', '']]));
    expect(calls).to.have.length(1);
    expect(calls[0]).to.match(/^rm .* podreach-office-dead1$/);
  });

  it('does nothing if there are none, and where there is no Docker', async () => {
    expect(await callsOn(dockerWith([]))).to.deep.equal([]);
    expect(await callsOn('#!/bin/sh\necho "Cannot connect to the Docker daemon" >&2\nexit 1\n')).to.deep.equal([]);
    process.env.PATH = '/nonexistent';
    await removeDeadHosts(silent);
  });

  it('reports what Docker said if a container cannot be removed, and goes on with the next', async () => {
    const rows: readonly Row[] = [
      ['podreach-office-stuck', dead, 'n1', ''],
      ['podreach-office-dead2', dead, 'n1', ''],
    ];
    const stuck = `  'rm '*stuck) echo 'Error response from daemon: device or resource busy' >&2; exit 1 ;;\n`;
    const docker = dockerWith(rows).replace('  *) printf', `${stuck}  *) printf`);
    await inFolder({ docker }, async (folder) => {
      process.env.PATH = `${folder}:${path}`;
      const notes: string[] = [];
      await removeDeadHosts({ ...silent, note: (text) => void notes.push(text) });
      expect(notes).to.have.length(1);
      expect(notes[0]).to.match(/^removing the container podreach-office-stuck: docker rm exited with 1 after /);
      expect(notes[0]).to.contain('device or resource busy').and.to.contain('the next run tries again');
      expect(await readFile(join(folder, 'calls'), 'utf8')).to.match(/^rm .* podreach-office-dead2$/m);
    });
  });
});
