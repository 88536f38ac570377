import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { bundleManifests, reproduceScript } from '../../src/bundle/index.ts';
import { policyOf, topologyOf } from '../unit/run/fake-stage.ts';
import { SHELLS } from './stub-tools.ts';

/** Plays a cluster: says what each connection becomes, and notes what it was asked to create and delete. */
const KUBECTL = `#!/bin/sh
echo "$*" >>"$LOG"
case "$*" in
  auth*) echo yes ;;
  'get nodes'*) echo "n1 n2" ;;
  'get pod web'*) echo "fd00::1 10.0.0.1" ;;
  'get pods'*) echo pod/web ;;
  'create -f -'*) cat >>"$LOG" ;;
  'create -f'*namespaces/*) [ -z "$REFUSES" ] || exit 1 ;;
  exec*web*) echo "$SERVER"; [ "$SERVER" = open ] ;;
  exec*client*) echo "$CLIENT" >&2; [ "$CLIENT" = open ] ;;
esac
`;

const cell = { port: 80, protocol: 'TCP', family: 'IPv4' } as const;
const script = reproduceScript({
  finding: 'a finding with `$(touch hacked)` and ü\n',
  cell: { ...cell, from: { namespace: 'repro-prod', pod: 'client' }, to: { namespace: 'repro-prod', pod: 'web' } },
  isAllowed: true,
  image: 'registry.example/agnhost:1',
  container: 'probe',
  nodes: 2,
});
const files = new Map([
  ...bundleManifests({ topology: topologyOf(), policies: [policyOf('deny')], nodeOf: (end) => end }),
  ['reproduce.sh', script] as const,
  ['kubectl', KUBECTL] as const,
]);

describe('reproduce.sh', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podreach-reproduce-'));
    for (const [name, text] of files) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    await chmod(join(folder, 'kubectl'), 0o755);
  });

  after(() => rm(folder, { recursive: true }));

  const run = async (shell: readonly string[], env: Readonly<Record<string, string>>) => {
    const log = join(folder, 'log');
    await rm(log, { force: true });
    const [program = 'sh', ...args] = shell;
    const own = { KUBECTL: join(folder, 'kubectl'), LOG: log, WAIT: '0', SERVER: 'open', REFUSES: '', ...env };
    const { exitCode, stdout, stderr } = await execa(program, [...args, join(folder, 'reproduce.sh')], {
      reject: false,
      env: own,
    });
    return { exitCode, stdout, stderr, log: await readFile(log, 'utf8') };
  };

  for (const shell of SHELLS)
    it(`tells reproduced, not reproduced and broken apart, and removes what it created, in ${shell.join(' ')}`, async () => {
      const shown = await run(shell, { CLIENT: 'TIMEOUT' });
      expect(shown).to.include({
        exitCode: 0,
        stdout: 'without policies: blocked\nseen: blocked, expected: allowed\nreproduced',
      });
      expect(shown.log).to.contain('image: "registry.example/agnhost:1"').and.to.contain('nodeName: "n2"');
      expect(shown.log)
        .to.match(/10\.0\.0\.1:80/)
        .and.not.to.contain('fd00');
      expect(shown.log.trimEnd().split('\n').at(-1)).to.equal('delete namespace repro-prod --timeout=60s');
      const gone = await run(shell, { CLIENT: 'open' });
      expect(gone).to.include({ exitCode: 1 });
      expect(gone.stdout).to.match(/not reproduced$/);
      const broken = await run(shell, { CLIENT: 'error: unable to upgrade connection' });
      expect(broken).to.include({
        exitCode: 2,
        stderr: 'could not be tried: the probe broke: error: unable to upgrade connection',
      });
      expect(broken.log).to.contain('delete namespace repro-prod');
    });

  it('deletes no namespace that it could not create', async () => {
    const { exitCode, stderr, log } = await run(['sh'], { CLIENT: 'open', REFUSES: 'yes' });
    expect({ exitCode, stderr }).to.deep.equal({
      exitCode: 2,
      stderr: 'could not be tried: the namespace repro-prod could not be created',
    });
    expect(log).not.to.contain('delete');
  });
});
