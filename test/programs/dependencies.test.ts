import { cp, mkdir, readFile, realpath, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { inFolder, root } from '../unit/scripts/temporary-folder.ts';

/** An npm that writes down how it was called and does what the real one does last. */
const npm = '#!/bin/sh\necho "$@" >>npm.log\nmkdir -p node_modules\ntouch node_modules/.package-lock.json\n';

/** The real scripts in a clone of their own, with programs that only say that they were called. */
const inClone = (node: string, work: (start: () => ReturnType<typeof run>, clone: string) => Promise<void>) =>
  inFolder({ 'bin/npm': npm, 'bin/node': node, 'package-lock.json': '{}', 'scripts/host/.keep': '' }, async (clone) => {
    for (const script of ['start', 'podreach', 'host/dependencies.sh'])
      await cp(join(root, 'scripts', script), join(clone, 'scripts', script));
    await work(() => run(clone), clone);
  });

const run = (clone: string, script = 'start', args = ['a scenario', '--bail'], calledIn?: string) =>
  execa('/bin/sh', [join(clone, 'scripts', script), ...args], {
    cwd: '/',
    env: { PATH: `${join(clone, 'bin')}:/usr/bin:/bin`, ...(calledIn && { INIT_CWD: calledIn }) },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });

const goodNode = '#!/bin/sh\n[ "$1" = -e ] || printf "[%s]" "$@"\n';

describe('scripts/start', () => {
  it('installs the packages into a fresh clone, Node.js among them, then prepares the host and runs', async () => {
    await inClone(goodNode, async (start, clone) => {
      const { exitCode, stdout } = await start();
      expect(await readFile(join(clone, 'npm.log'), 'utf8')).to.match(/^ci --include=dev /);
      const cli = join(clone, 'src/cli.ts');
      expect(stdout).to.equal(`[scripts/prepare-host.ts][a scenario][--bail][${cli}][run][a scenario][--bail]`);
      expect(exitCode).to.equal(0);
    });
  });

  it('installs once, and again only when the lock file is newer', async () => {
    await inClone(goodNode, async (start, clone) => {
      const calls = async () => (await readFile(join(clone, 'npm.log'), 'utf8')).trim().split('\n').length;
      await start();
      await start();
      expect(await calls()).to.equal(1);
      const soon = new Date(Date.now() + 60_000);
      await utimes(join(clone, 'package-lock.json'), soon, soon);
      await start();
      expect(await calls()).to.equal(2);
    });
  });

  it('prefers the Node.js of node_modules', async () => {
    await inClone('#!/bin/sh\nexit 1\n', async (start, clone) => {
      await mkdir(join(clone, 'node_modules/.bin'), { recursive: true });
      await writeFile(join(clone, 'node_modules/.bin/node'), goodNode, { mode: 0o755 });
      expect((await start()).stdout).to.contain('/src/cli.ts]');
    });
  });

  it('says what to do if Node.js is too old, and goes no further', async () => {
    await inClone('#!/bin/sh\n[ "$1" = --version ] && echo v20.1.0\n[ "$1" != -e ]\n', async (start) => {
      const { exitCode, stdout, stderr } = await start();
      expect(exitCode).to.equal(2);
      expect(stdout).to.equal('');
      expect(stderr).to.contain('Node.js v20.1.0 is too old').and.to.contain('npm rebuild node');
    });
  });

  it('says so if npm fails', async () => {
    await inClone(goodNode, async (start, clone) => {
      await writeFile(join(clone, 'bin/npm'), '#!/bin/sh\nexit 7\n');
      const failed = await start();
      expect([failed.exitCode, failed.stdout]).to.deep.equal([2, '']);
      expect(failed.stderr).to.contain('the npm packages could not be installed');
    });
  });

  it('ends if the host could not be prepared', async () => {
    const node = '#!/bin/sh\n[ "$1" != scripts/prepare-host.ts ] || exit 2\n[ "$1" = -e ] || echo "$1"\n';
    await inClone(node, async (start) => {
      expect(await start()).to.deep.include({ exitCode: 2, stdout: '' });
    });
  });
});

describe('the folder where npm was called', () => {
  const whereNode = '#!/bin/sh\n[ "$1" = -e ] || [ "$1" = scripts/prepare-host.ts ] || pwd -P\n';

  it('is where the command line runs', async () => {
    await inClone(whereNode, async (_, clone) => {
      await mkdir(join(clone, 'mine'));
      const { stdout } = await run(clone, 'podreach', ['model', 'shop'], join(clone, 'mine'));
      expect(stdout).to.equal(await realpath(join(clone, 'mine')));
    });
  });

  it('is where npm start looks for the paths that it is given, and the clone for none', async () => {
    await inClone(whereNode, async (_, clone) => {
      await mkdir(join(clone, 'mine/shop'), { recursive: true });
      const from = async (...args: string[]) => (await run(clone, 'start', args, join(clone, 'mine'))).stdout;
      expect(await from('shop', '--keep')).to.equal(await realpath(join(clone, 'mine')));
      expect(await from('--keep')).to.equal(await realpath(clone));
    });
  });
});
