import { once } from 'node:events';
import { readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { execa } from 'execa';
import { millionCells } from '../../bench/command/million-cells.ts';
import { writeKubeconfig } from '../unit/kube/fake-server.ts';
import { inFolder, root } from '../unit/scripts/temporary-folder.ts';

/** What a shell says of a podreach command line; `$1` is the program, `$2` a folder. */
const shell = async (script: string, folder = '') => {
  const podreach = `${process.execPath} ${join(root, 'src/cli.ts')}`;
  const { exitCode, stdout, stderr } = await execa(
    'bash',
    ['-c', `podreach() { ${podreach} "$@"; }; ${script}`, 'bash', folder],
    {
      cwd: root,
      reject: false,
      stdin: 'ignore',
    },
  );
  return { exitCode, stdout, stderr };
};

describe('the command line', () => {
  it('ends with 2 if standard output is full, and says so', async () => {
    const { exitCode, stderr } = await shell('podreach --help >/dev/full');
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain("standard output can't be written").and.contain('no space left on device (ENOSPC)');
  });

  it('ends with 2 if a disk takes half of the report', () =>
    inFolder({}, async (folder) => {
      const { exitCode, stderr } = await shell(
        'ulimit -f 4; podreach model scenarios/deny-all --reporter json >"$1/out"',
        folder,
      );
      expect((await readFile(join(folder, 'out'))).length).to.be.within(1, 4096);
      expect(exitCode).to.equal(2);
      expect(stderr).to.contain("standard output can't be written");
    }));

  it('ends quietly if the reader wants no more', async () => {
    const { exitCode, stderr } = await shell('set -o pipefail; podreach model scenarios --reporter json | head -c 1');
    expect(exitCode).to.equal(0);
    expect(stderr).not.to.contain('podreach: ');
  });

  it('writes a report to where standard output leads', async () => {
    const { exitCode, stdout } = await shell(
      'podreach model scenarios/deny-all --reporter json --output /dev/stdout | cat',
    );
    expect(exitCode).to.equal(0);
    expect(JSON.parse(stdout).schema).to.equal('podreach/run/v1');
  });

  for (const home of ['/proc/self/nothing', '/dev/null', '/nothing'])
    it(`answers where no cache can be, in ${home}`, async () => {
      const { exitCode, stdout } = await shell(
        `ulimit -t 10; unset NODE_COMPILE_CACHE XDG_CACHE_HOME; HOME=${home} podreach --version`,
      );
      expect(exitCode).to.equal(0);
      expect(stdout).to.match(/^\d+\.\d+\.\d+/);
    });

  it('compiles what it runs once, into its cache', () =>
    inFolder({}, async (folder) => {
      const { exitCode } = await shell('unset NODE_COMPILE_CACHE; XDG_CACHE_HOME="$1/new" podreach --version', folder);
      expect(exitCode).to.equal(0);
      expect(await readdir(join(folder, 'new/podreach/compiled'))).to.have.lengthOf(1);
    }));

  it('writes a million cells as JSON within 300 MB', () =>
    inFolder(millionCells('model'), async (folder) => {
      const usage = join(root, 'bench/command/usage.cjs');
      const { stdout, stderr } = await shell(
        `set -o pipefail; NODE_OPTIONS='--require ${usage}' podreach model "$1" --reporter json | grep -c '"observed":'`,
        folder,
      );
      expect(stdout).to.equal('1000000');
      expect(JSON.parse(stderr.split('\n').at(-1) ?? '').peakMb).to.be.below(300);
    })).timeout(300_000);

  it('writes several reports at once, one of them by the reporter of docs/report.md', async () => {
    const docs = await readFile(join(root, 'docs/report.md'), 'utf8');
    const [example = ''] = /^ {4}import type \{ CreateReporter.*?^ {4}export default create;$/ms.exec(docs) ?? [];
    const files = {
      'mine.ts': example,
      'it/scenario.yaml': `name: it
namespaces: {prod: {pods: {web: {ports: [80]}, client: {}}}}
policies: []
expect: {default: deny}
`,
    };
    await inFolder(files, async (folder) => {
      const { exitCode, stdout, stderr } = await shell(
        'podreach model "$1/it" --reporter "terminal,json=$1/run.json,$1/mine.ts=$1/mine.txt"',
        folder,
      );
      expect({ exitCode, stderr }).to.deep.equal({ exitCode: 1, stderr: '' });
      expect(stdout).to.match(/^failed {2}it/);
      expect(JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')).scenarios[0].status).to.equal('fail');
      const written = await readFile(join(folder, 'mine.txt'), 'utf8');
      expect(written).to.equal('it: prod/client -> prod/web 80\nscenarios: 1\n');
    });
  });

  it('ends with 2 if reports fail, says why of each, and writes the other one', () => {
    const mine = 'export default () => ({ onScenarioEnd: () => { throw new Error("no \\x1b[31m database"); } });';
    return inFolder({ 'mine.js': mine }, async (folder) => {
      const command = 'podreach model scenarios/deny-all --reporter "$1/mine.js,json=/dev/full,terminal"';
      const { exitCode, stdout, stderr } = await shell(command, folder);
      expect(exitCode).to.equal(2);
      expect(stdout).to.match(/^passed {2}deny-all/);
      expect(stderr).to.contain('mine.js failed: Error: no \\x1b[31m database');
      expect(stderr).to.contain("the report can't be written to /dev/full: no space left on device (ENOSPC)");
    });
  });

  it('leaves no part of a report behind when a second signal ends it at once', () => {
    // It never gives the rest, whatever the first signal says.
    const mine = `setInterval(() => {}, 1000);
export default () => ({ onScenarioEnd: () => 'a part', onEnd: () => new Promise(() => {}) });`;
    return inFolder({ 'mine.js': mine }, async (folder) => {
      const reporter = `${join(folder, 'mine.js')}=${join(folder, 'report.txt')}`;
      const args = [join(root, 'src/cli.ts'), 'model', 'scenarios/deny-all', '--reporter', reporter];
      const running = execa(process.execPath, args, { cwd: root, reject: false, stdin: 'ignore' });
      const files = () => readdir(folder);
      while ((await files()).length < 2) await sleep(20);
      const heard = once(running.stderr, 'data');
      running.kill('SIGINT');
      await heard;
      running.kill('SIGINT');
      const { exitCode } = await running;
      expect({ exitCode, files: await files() }).to.deep.equal({ exitCode: 130, files: ['mine.js'] });
    });
  });

  it('obeys no escape of its arguments, and shows where an error came from with --debug alone', async () => {
    for (const [command, debugged] of [
      ["$'fly\\e[31m'", false],
      ["model $'/nowhere/\\e[31m'", false],
      ["model $'/nowhere/\\e[31m' --debug", true],
    ] as const) {
      const { exitCode, stdout, stderr } = await shell(`podreach ${command}`);
      expect(exitCode, command).to.equal(2);
      expect(stderr, command).to.match(/\\x1b|\\u001b/);
      expect(stdout + stderr, command).not.to.contain('\u001b');
      if (debugged) expect(stderr).to.match(/^podreach: .*nowhere.*\n[\s\S]*\n {4}at .*loadScenarios /);
      else expect(stderr, command).not.to.contain(' at ');
    }
  });

  it('keeps warnings and the report with --quiet, and paints neither for a pipe', async () => {
    const { exitCode, stdout, stderr } = await shell('podreach model --quiet scenarios/complex-policy');
    expect(exitCode).to.equal(0);
    expect(stderr).to.match(/^ +0:\d\d {2}warning: .*\n +0:\d\d {4}hint: .*$/);
    expect(stdout).to.contain('complex-policy').and.not.to.contain('\u001b[');
  });

  it('paints as the environment says, unless the flag says otherwise', async () => {
    const painted = async (...flags: readonly string[]) =>
      (await shell(`FORCE_COLOR=1 podreach model scenarios/deny-all ${flags}`)).stdout.includes('\u001b[');
    expect(await painted()).to.equal(true);
    expect(await painted('--no-color')).to.equal(false);
  });

  it('prints nothing of what is thrown if nobody waits, cleans up and ends with 2', () => {
    const preload = `setTimeout(() => {
  Promise.reject(Object.assign(new Error('top-secret'), { key: 'top-secret', code: 'EPROTO' }));
  setImmediate(() => { throw { key: 'top-secret' } });
}, 0);
`;
    return inFolder({ 'preload.mjs': preload }, async (folder) => {
      const command = 'NODE_OPTIONS="--import $1/preload.mjs" podreach model scenarios';
      const { exitCode, stderr } = await shell(command, folder);
      expect(exitCode).to.equal(2);
      for (const name of ['Error EPROTO', 'a value of type object was thrown'])
        expect(stderr).to.contain(`a bug in podreach, please report it: ${name}`);
      expect(stderr).not.to.contain('top-secret');
    });
  });

  it('ends with 2 if it waits for something that can no longer happen', () => {
    const preload = `import { registerHooks } from 'node:module';
const source = 'export const runCli = () => new Promise(() => {})';
registerHooks({
  load: (url, context, next) =>
    url.endsWith('/commands/program.ts') ? { format: 'module', source, shortCircuit: true } : next(url, context),
});
`;
    return inFolder({ 'preload.mjs': preload }, async (folder) => {
      const { exitCode, stderr } = await shell('NODE_OPTIONS="--import $1/preload.mjs" podreach model', folder);
      expect(exitCode).to.equal(2);
      expect(stderr).to.contain('it waits for something that can no longer happen');
    });
  });

  it('ends at once on Ctrl-C though a credential plugin hangs, with the processes of it', () =>
    inFolder({ plugin: '#!/bin/sh\nsleep 1000 & echo $! >"$HERE/pid"\nwait\n' }, async (folder) => {
      const apiVersion = 'client.authentication.k8s.io/v1';
      const exec = { apiVersion, command: './plugin', env: [{ name: 'HERE', value: folder }] };
      const kubeconfig = writeKubeconfig('https://127.0.0.1:1', { exec });
      await rename(kubeconfig, join(folder, 'kubeconfig'));
      const args = ['probe', '--context', 'fake', '--kubeconfig', join(folder, 'kubeconfig'), '-n', 'prod', '--yes'];
      const running = execa(process.execPath, [join(root, 'src/cli.ts'), ...args], { reject: false, stdin: 'ignore' });
      const pid = async (): Promise<string> => {
        const text = await readFile(join(folder, 'pid'), 'utf8').catch(() => '');
        return text.endsWith('\n') ? text.trim() : sleep(20).then(pid);
      };
      const started = await pid();
      running.kill('SIGINT');
      const { exitCode, stderr } = await running;
      expect(exitCode).to.equal(130);
      expect(stderr).to.contain('credential plugin ./plugin was interrupted');
      const { stdout } = await execa('ps', ['-o', 'stat=', '-p', started], { reject: false });
      expect(stdout).to.match(/^(Z.*)?$/);
    }));
});
