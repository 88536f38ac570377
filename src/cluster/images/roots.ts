import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, cancelledBy, contentKey, run } from '../../host/index.ts';
import type { Root } from './recipe.ts';

const suite = 'bookworm';
// With a bare mirror mmdebstrap would read unrelated sources of the host; the host's own sources for this suite avoid
// that.
const hostSources = '/etc/apt/sources.list.d/debian.sources';
// Files that no container reads: a third of the unpacked packages.
const unneeded = [
  'usr/share/doc',
  'usr/share/man',
  'usr/share/info',
  'usr/share/locale',
  'usr/share/perl',
  'usr/lib/*/perl',
];

export const rootKey = (root: Root): string => contentKey(suite, JSON.stringify(root), ...unneeded);

/** Makes a Debian root file system; returns the path of its tar archive. */
export const buildRoot = async (name: string, root: Root, signal?: AbortSignal): Promise<string> => {
  const folder = await cached(`root-${name}`, rootKey(root), async (unfinished) => {
    const ofSuite = (await readFile(hostSources, 'utf8').catch(() => '')).includes(suite);
    await run(
      'mmdebstrap',
      [
        `--variant=${root.variant}`,
        `--include=${root.packages.join(',')}`,
        '--aptopt=APT::Install-Recommends "false"',
        ...(root.variant === 'extract' ? unneeded.map((path) => `--customize-hook=rm -rf "$1"/${path}`) : []),
        suite,
        join(unfinished, 'root.tar'),
        ...(ofSuite ? [hostSources] : []),
      ],
      {
        purpose: `making the Debian root file system ${name}`,
        hint: 'on Debian: apt-get install mmdebstrap',
        ...cancelledBy(signal),
      },
    );
  });
  return join(folder, 'root.tar');
};
