import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Image } from './recipe.ts';

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

/**
 * Lays out an image archive in an empty folder, as `docker save` writes it: each layer once, however many images have
 * it.
 * @param layersOf The tar archives of an image, lowest first.
 */
export const writeArchive = async (
  folder: string,
  images: Readonly<Record<string, Image>>,
  layersOf: (image: Image) => readonly string[],
): Promise<void> => {
  const paths = [...new Set(Object.values(images).flatMap(layersOf))];
  const digests = new Map(await Promise.all(paths.map(async (path) => [path, await digestOf(path)] as const)));
  await Promise.all(
    [...digests].map(([path, digest]) =>
      link(path, join(folder, `${digest}.tar`)).catch(() => symlink(path, join(folder, `${digest}.tar`))),
    ),
  );
  const manifest = await Promise.all(
    Object.entries(images).map(async ([tag, image]) => {
      const layers = layersOf(image).map((path) => digests.get(path) ?? '');
      const config = JSON.stringify({
        architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
        os: 'linux',
        created: '1970-01-01T00:00:00Z',
        config: {
          Entrypoint: image.entrypoint.length > 0 ? image.entrypoint : null,
          Cmd: image.command.length > 0 ? image.command : null,
          Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...image.env],
        },
        rootfs: { type: 'layers', diff_ids: layers.map((digest) => `sha256:${digest}`) },
      });
      const name = `${createHash('sha256').update(config).digest('hex')}.json`;
      await writeFile(join(folder, name), config);
      return { Config: name, RepoTags: [tag], Layers: layers.map((digest) => `${digest}.tar`) };
    }),
  );
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
};
