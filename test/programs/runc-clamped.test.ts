import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { inFolder, root } from '../unit/scripts/temporary-folder.ts';

const asked = {
  oomScoreAdj: -500,
  args: ['sh', '-c', 'echo CAP_SYS_RESOURCE'],
  capabilities: {
    bounding: ['CAP_CHOWN', 'CAP_SYS_RESOURCE'],
    effective: ['CAP_SYS_RESOURCE', 'CAP_KILL'],
    permitted: ['CAP_KILL'],
  },
};
const granted = {
  oomScoreAdj: 0,
  args: ['sh', '-c', 'echo CAP_SYS_RESOURCE'],
  capabilities: { bounding: ['CAP_CHOWN'], effective: ['CAP_KILL'], permitted: ['CAP_KILL'] },
};

/** Calls the wrapper with a runc that only prints its arguments; gives back those and the two files it may edit. */
const clamp = async (...args: readonly string[]) => {
  const result = { args: [] as string[], config: {} as unknown, process: {} as unknown };
  const files = {
    'bin/runc': '#!/bin/sh\nprintf "%s\\n" "$@"\n',
    'bundle/config.json': JSON.stringify({ ociVersion: '1.0.2', process: asked }),
    'process.json': JSON.stringify(asked),
  };
  await inFolder(files, async (folder) => {
    const { stdout } = await execa(
      join(root, 'scripts/host/runc-clamped'),
      args.map((arg) => arg.replace('FOLDER', folder)),
      { cwd: join(folder, 'bundle'), env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}` }, stdin: 'ignore' },
    );
    result.args = stdout.split('\n').map((line) => line.replace(folder, 'FOLDER'));
    result.config = JSON.parse(await readFile(join(folder, 'bundle/config.json'), 'utf8')).process;
    result.process = JSON.parse(await readFile(join(folder, 'process.json'), 'utf8'));
  });
  return result;
};

describe('the runtime wrapper', () => {
  const creations = [
    [
      '--root',
      '/r',
      '--log',
      '/l',
      '--log-format',
      'json',
      'create',
      '--bundle',
      'FOLDER/bundle',
      '--pid-file',
      '/p',
      'id',
    ],
    ['--root=/r', 'run', '-b', 'FOLDER/bundle', '--detach', 'id'],
    ['--debug', 'restore', '--bundle=FOLDER/bundle', 'id'],
    ['create', 'exec'],
  ];
  for (const args of creations) {
    it(`edits the bundle: runc ${args.join(' ')}`, async () => {
      expect(await clamp(...args)).to.deep.equal({ args, config: granted, process: asked });
    });
  }

  for (const args of [
    ['--root', '/r', 'exec', '--process', 'FOLDER/process.json', '--detach', '--pid-file', '/p', 'id'],
    ['exec', '--pid-file', '/p', '--process=FOLDER/process.json', 'id'],
    ['exec', '-d', '-p', 'FOLDER/process.json', 'run'],
  ]) {
    it(`edits the process: runc ${args.join(' ')}`, async () => {
      expect(await clamp(...args)).to.deep.equal({ args, config: asked, process: granted });
    });
  }

  for (const args of [
    ['--log', 'create', 'state', 'id'],
    ['delete', '--force', 'create'],
    ['exec', 'id', 'tar', '-p', 'FOLDER/process.json'],
    ['exec', '-d', 'id', 'tar', '--process=FOLDER/process.json'],
    ['kill', 'run', 'KILL'],
  ]) {
    it(`edits nothing: runc ${args.join(' ')}`, async () => {
      expect(await clamp(...args)).to.deep.equal({ args, config: asked, process: asked });
    });
  }

  it('leaves alone what is not there, and a score that needs no capability', async () => {
    const file = { process: { oomScoreAdj: 100, args: ['a b'], capabilities: { ambient: null } } };
    await inFolder({ 'bin/runc': '#!/bin/sh\n', 'config.json': '' }, async (folder) => {
      for (const content of [file, { process: { args: [] } }]) {
        await writeFile(join(folder, 'config.json'), JSON.stringify(content));
        const env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
        await execa(join(root, 'scripts/host/runc-clamped'), ['create', 'id'], { cwd: folder, env });
        expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))).to.deep.equal(content);
      }
    });
  });

  it('starts nothing when the request cannot be read', async () => {
    await inFolder({ 'bin/runc': '#!/bin/sh\necho started\n', 'config.json': '{' }, async (folder) => {
      const env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
      const { exitCode, stdout } = await execa(join(root, 'scripts/host/runc-clamped'), ['create', 'id'], {
        cwd: folder,
        env,
        reject: false,
      });
      expect(exitCode).not.to.equal(0);
      expect(stdout).to.equal('');
      expect(await readFile(join(folder, 'config.json'), 'utf8')).to.equal('{');
    });
  });
});
