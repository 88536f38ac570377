import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { execa } from 'execa';
import { cancelledBy, run } from '../command.ts';
import { type Recipe, recipeFolder } from './recipe.ts';

/** Whether Docker holds an image of this tag. */
export const hasImage = async (tag: string): Promise<boolean> =>
  (await execa('docker', ['image', 'inspect', '--format', '{{.Id}}', tag], { reject: false })).exitCode === 0;

/** Removes the half-made containers of builds that died. Call it under the build's lock only. */
export const removeDeadBuilds = async (): Promise<void> => {
  const purpose = 'removing what dead builds left';
  const list = await run('docker', ['ps', '--all', '--quiet', '--filter', 'label=podreach=build'], { purpose });
  const containers = list.split('\n').filter((id) => id !== '');
  if (containers.length > 0) await run('docker', ['rm', '--force', '--volumes', ...containers], { purpose });
};

const from = (path: string) => ({ inputFile: path });

/** The archives that a node image is made of. */
export interface NodeParts {
  readonly root: string;
  readonly layer: string;
  /** The folder that `writeArchive` filled. */
  readonly archive: string;
}

/**
 * Makes the node image: Debian's root, the node's own files, everything preloaded. A container of the half-made image is
 * configured from within and committed, as kind's own node images are made; it is removed in every case.
 */
export const buildNode = async (tag: string, parts: NodeParts, recipe: Recipe, signal?: AbortSignal): Promise<void> => {
  const step = { purpose: 'making the node image', ...cancelledBy(signal) };
  const base = `${tag}-base`;
  await run('docker', ['import', '--change', 'ENV container=docker', parts.root, base], step);
  const container = `podreach-build-${randomBytes(4).toString('hex')}`;
  try {
    await run(
      'docker',
      [
        'run',
        '--detach',
        '--name',
        container,
        '--label',
        'podreach=build',
        '--network',
        'none',
        '--security-opt',
        'seccomp=unconfined',
        '--entrypoint',
        'sleep',
        base,
        'infinity',
      ],
      step,
    );
    const inside = ['exec', '--interactive', container, 'bash'];
    const configure = [...inside, '-s', '--', recipe.pauseImage, recipe.kubernetesVersion];
    await run('docker', ['cp', '-', `${container}:/`], { ...step, ...from(parts.layer) });
    await run('docker', configure, { ...step, ...from(join(recipeFolder, 'node/configure')) });
    await run('docker', ['cp', join(recipeFolder, 'node/preload'), `${container}:/kind/preload`], step);
    const images = execa('tar', ['-C', parts.archive, '-chf', '-', '.'], { buffer: false });
    const [, preloaded] = await Promise.allSettled([
      images,
      run('docker', [...inside, '/kind/preload'], { ...step, input: images.stdout }),
    ]);
    if (preloaded.status === 'rejected') throw preloaded.reason;
    await run('docker', ['exec', container, 'rm', '/kind/preload'], step);
    await run(
      'docker',
      ['commit', '--change', 'ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]', container, tag],
      step,
    );
  } finally {
    await execa('docker', ['rm', '--force', '--volumes', container], { reject: false });
    await execa('docker', ['rmi', base], { reject: false });
  }
};
