import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { execa } from 'execa';
import {
  cancelledBy,
  objectLeftovers,
  ownershipLabels,
  removeLeftovers,
  run,
  thisOwnership,
} from '../../host/index.ts';
import type { Progress } from '../../progress.ts';
import { type Recipe, recipeFolder } from './recipe.ts';

/** Whether Docker has an image of this tag. */
export const hasImage = async (tag: string): Promise<boolean> =>
  (await execa('docker', ['image', 'inspect', '--format', '{{.Id}}', tag], { reject: false })).exitCode === 0;

/** Marks the container of a build and the image that it starts from. */
const BUILD_LABEL = 'podreach/build';

/** Removes the unfinished containers and images of dead builds with this user and cache folder. */
export const removeDeadBuilds = async (progress: Progress): Promise<void> => {
  await removeLeftovers(await objectLeftovers(({ labels }) => labels[BUILD_LABEL] === 'yes'), progress);
};

const changes = (instructions: readonly string[]) => instructions.flatMap((one) => ['--change', one]);

const from = (path: string) => ({ inputFile: path });

/** The archives that make up a node image. */
export interface NodeParts {
  readonly root: string;
  readonly layer: string;
  /** The folder that `writeArchive` filled. */
  readonly archive: string;
}

/**
 * Builds the node image: Debian's root, the node's own files, everything preloaded. A container of the unfinished image
 * is configured from within and committed, as kind builds its own node images. The container is removed in every case.
 */
export const buildNode = async (tag: string, parts: NodeParts, recipe: Recipe, signal?: AbortSignal): Promise<void> => {
  const step = { purpose: 'making the node image', ...cancelledBy(signal) };
  const id = randomBytes(4).toString('hex');
  // Unique to this build: another user may be building the same image.
  const base = `${tag}-base-${id}`;
  const container = `podreach-build-${id}`;
  const labels = Object.entries({ ...ownershipLabels(await thisOwnership()), [BUILD_LABEL]: 'yes' });
  const labelled = labels.map(([name, value]) => `LABEL ${name}=${JSON.stringify(value).replaceAll('$', '\\$')}`);
  // A commit copies the container's labels, and a node that inherits them would look like an unfinished build.
  const unlabelled = labels.map(([name]) => `LABEL ${name}=""`);
  try {
    await run('docker', ['import', ...changes(['ENV container=docker', ...labelled]), parts.root, base], step);
    await run(
      'docker',
      [
        'run',
        '--detach',
        '--name',
        container,
        ...labels.flatMap(([name, value]) => ['--label', `${name}=${value}`]),
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
      ['commit', ...changes(['ENTRYPOINT ["/usr/local/bin/entrypoint", "/sbin/init"]', ...unlabelled]), container, tag],
      step,
    );
  } finally {
    await execa('docker', ['rm', '--force', '--volumes', container], { reject: false });
    await execa('docker', ['rmi', base], { reject: false });
  }
};
