import { lstat, mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { buildLayer, type LayerInputs, layerKey, split } from '../../../../src/cluster/images/layers.ts';
import type { Layer } from '../../../../src/cluster/images/recipe.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { failureOf } from '../../failure-of.ts';
import { ownCacheHome } from '../../host/cache-home.ts';

const LAYER: Layer = {
  files: { 'usr/bin/app': 'go/app' },
  copies: { etc: 'calico/node/etc' },
  links: { 'usr/bin/alias': 'app' },
  directories: ['tmp'],
  executable: ['etc/rc.local'],
};
const unused = () => Promise.reject(new Error('not asked for'));
const inputsOf = (keys: Readonly<Record<string, string>>): LayerInputs => ({
  key: (component) => keys[component] ?? '',
  built: unused,
  sources: unused,
});

describe('split', () => {
  it('splits at the first slash', () => {
    expect(split('calico/node/etc')).to.deep.equal({ component: 'calico', path: 'node/etc' });
  });

  it('throws without one', () => {
    expect(() => split('calico')).to.throw(PodreachError, '"calico" is not of the form component/path');
  });
});

describe('layerKey', () => {
  const before = layerKey(LAYER, inputsOf({ go: '1', calico: '1', other: '1' }));

  it('follows the components that it takes files or copies from, and no other', () => {
    expect(layerKey(LAYER, inputsOf({ go: '2', calico: '1', other: '1' }))).not.to.equal(before);
    expect(layerKey(LAYER, inputsOf({ go: '1', calico: '2', other: '1' }))).not.to.equal(before);
    expect(layerKey(LAYER, inputsOf({ go: '1', calico: '1', other: '2' }))).to.equal(before);
  });

  it('follows what is put where', () => {
    const changed: readonly Layer[] = [
      { ...LAYER, files: { 'bin/app': 'go/app' } },
      { ...LAYER, copies: { etc: 'calico/node/other' } },
      { ...LAYER, links: {} },
      { ...LAYER, directories: [] },
      { ...LAYER, executable: [] },
    ];
    const keys = changed.map((layer) => layerKey(layer, inputsOf({ go: '1', calico: '1' })));
    expect(new Set([before, ...keys])).to.have.length(6);
  });
});

/** Images are built on Linux only, by its tar. */
if (process.platform === 'linux')
  describe('buildLayer', () => {
    ownCacheHome();
    let folder: string;
    let inputs: LayerInputs;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'podreach-layer-'));
      await mkdir(join(folder, 'built'));
      await writeFile(join(folder, 'built/app'), 'program', { mode: 0o700 });
      await mkdir(join(folder, 'sources/node/etc/service'), { recursive: true });
      // As in Go's module cache: read-only, and no file executable.
      await writeFile(join(folder, 'sources/node/etc/service/run'), '#!/bin/sh\n', { mode: 0o444 });
      await writeFile(join(folder, 'sources/node/etc/rc.local'), 'no shebang\n', { mode: 0o444 });
      await writeFile(join(folder, 'sources/node/etc/app.conf'), 'x = 1\n', { mode: 0o400 });
      inputs = {
        key: () => 'k',
        built: async (component) => (component === 'go' ? join(folder, 'built') : unused()),
        sources: async (component) => (component === 'calico' ? join(folder, 'sources') : unused()),
      };
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    const unpack = async (archive: string): Promise<string> => {
      const tree = await mkdtemp(join(folder, 'tree-'));
      await execa('tar', ['-C', tree, '-xpf', archive]);
      return tree;
    };
    const modeOf = async (path: string) => ((await lstat(path)).mode & 0o777).toString(8);

    it('holds files, copies, links and folders, readable by all, programs executable', async () => {
      const tree = await unpack(await buildLayer('one', LAYER, inputs));
      expect(await readFile(join(tree, 'usr/bin/app'), 'utf8')).to.equal('program');
      expect(await readlink(join(tree, 'usr/bin/alias'))).to.equal('app');
      expect((await lstat(join(tree, 'tmp'))).isDirectory()).to.equal(true);
      expect(await modeOf(join(tree, 'usr/bin/app'))).to.equal('755');
      expect(await modeOf(join(tree, 'etc/service/run'))).to.equal('755');
      expect(await modeOf(join(tree, 'etc/rc.local'))).to.equal('755');
      expect(Number.parseInt(await modeOf(join(tree, 'etc/app.conf')), 8) & 0o555).to.equal(0o444);
    });

    it('ends early if another layer failed', async () => {
      const failure = await failureOf(buildLayer('one', LAYER, inputs, AbortSignal.abort()));
      expect(failure.message).to.match(/^copying calico\/node\/etc: cp -RT was interrupted/);
    });

    it('has the same bytes for the same inputs, and no name of its builder', async () => {
      const one = await readFile(await buildLayer('one', LAYER, inputs));
      const other = await readFile(await buildLayer('other', LAYER, inputs));
      expect(one.equals(other)).to.equal(true);
      const { stdout } = await execa('tar', ['--numeric-owner', '--utc', '-tvf', '-'], { input: one });
      const lines = stdout.split('\n');
      expect(lines.every((line) => / 0\/0 .* 1970-01-01 00:00 /.test(line))).to.equal(true);
    });
  });
