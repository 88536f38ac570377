import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { writeArchive } from '../../../../src/cluster/images/archive.ts';
import type { Image } from '../../../../src/cluster/images/recipe.ts';

// What sha256sum says of the words `lower` and `upper`.
const LOWER = '8c6fb1e9e37a1aea1d308c785192e1a17d71cef08c7f50a68d2e0ab292b2e7f4';
const UPPER = 'aee610558292023758a4229ddcf75f167c9904313a83cf795232ed7f7e2131c9';

const image = (changes: Partial<Image>): Image => ({
  roots: [],
  layers: [],
  entrypoint: [],
  command: [],
  env: [],
  ...changes,
});

const IMAGES = {
  'registry.example/both:v1': image({ roots: ['lower'], layers: ['upper'], entrypoint: ['/app'], env: ['A=b'] }),
  'registry.example/upper:v1': image({ layers: ['upper'], command: ['serve', '--all'] }),
};

describe('writeArchive', () => {
  let folder: string;
  let archive: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podreach-archive-'));
    archive = join(folder, 'archive');
    await mkdir(archive);
    for (const layer of ['lower', 'upper']) await writeFile(join(folder, `${layer}.tar`), layer);
    await writeArchive(archive, IMAGES, ({ roots, layers }) =>
      [...roots, ...layers].map((layer) => join(folder, `${layer}.tar`)),
    );
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const manifest = async (): Promise<{ Config: string; RepoTags: string[]; Layers: string[] }[]> =>
    JSON.parse(await readFile(join(archive, 'manifest.json'), 'utf8'));
  const configs = async () =>
    Promise.all(
      (await manifest()).map(async ({ Config }) => JSON.parse(await readFile(join(archive, Config), 'utf8'))),
    );

  it('names each image with its layers, lowest first', async () => {
    expect((await manifest()).map(({ RepoTags, Layers }) => ({ RepoTags, Layers }))).to.deep.equal([
      { RepoTags: ['registry.example/both:v1'], Layers: [`${LOWER}.tar`, `${UPPER}.tar`] },
      { RepoTags: ['registry.example/upper:v1'], Layers: [`${UPPER}.tar`] },
    ]);
  });

  it('holds each layer once, whole, however many images have it', async () => {
    const names = await readdir(archive);
    expect(names.filter((name) => name.endsWith('.tar')).sort()).to.deep.equal([`${LOWER}.tar`, `${UPPER}.tar`]);
    expect(names).to.have.length(5);
    expect(await readFile(join(archive, `${LOWER}.tar`), 'utf8')).to.equal('lower');
    expect(await readFile(join(archive, `${UPPER}.tar`), 'utf8')).to.equal('upper');
  });

  it('names each configuration by its checksum', async () => {
    for (const { Config } of await manifest()) {
      const text = await readFile(join(archive, Config));
      expect(Config).to.equal(`${createHash('sha256').update(text).digest('hex')}.json`);
    }
  });

  it('configures each image with the checksums of its layers and what it starts', async () => {
    const common = {
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      created: '1970-01-01T00:00:00Z',
    };
    const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    expect(await configs()).to.deep.equal([
      {
        ...common,
        config: { Entrypoint: ['/app'], Cmd: null, Env: [path, 'A=b'] },
        rootfs: { type: 'layers', diff_ids: [`sha256:${LOWER}`, `sha256:${UPPER}`] },
      },
      {
        ...common,
        config: { Entrypoint: null, Cmd: ['serve', '--all'], Env: [path] },
        rootfs: { type: 'layers', diff_ids: [`sha256:${UPPER}`] },
      },
    ]);
  });
});
