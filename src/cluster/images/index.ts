import { PodreachError } from '../../errors.ts';
import { type ImageChoice, imageSource } from '../../host/index.ts';
import type { Progress } from '../../progress.ts';
import { buildImages } from './build.ts';
import type { ClusterImages } from './cluster-images.ts';
import { type StockChoice, stockImages } from './stock.ts';

export { componentProgram } from './build.ts';
export { calicoVersions } from './calico-manifest.ts';
export type { ClusterImages, RegistryAccess } from './cluster-images.ts';
export { probeImageOf, type StockChoice, stockKubernetes } from './stock.ts';

/** Where the images come from, and which they are. */
export interface ImageFlags extends StockChoice {
  readonly images: ImageChoice;
}

/** The flags of StockChoice as users type them. */
const FLAGS = {
  mirror: '--mirror',
  registryCa: '--registry-ca',
  nodeImage: '--node-image',
  calico: '--calico',
  probeImage: '--probe-image',
} as const satisfies Record<keyof StockChoice, string>;

/**
 * Makes sure that all images and files of a cluster are available, and returns them. Says in one line why they are pulled
 * or built, unless the user chose. A mirror, or an image that is named, is a choice: images are pulled.
 */
export const ensureImages = async (
  flags: ImageFlags,
  progress: Progress,
  signal?: AbortSignal,
): Promise<ClusterImages> => {
  const given = Object.entries(FLAGS).flatMap(([key, flag]) =>
    flags[key as keyof StockChoice] === undefined ? [] : [flag],
  );
  if (given.length > 0 && flags.images === 'build') {
    throw new PodreachError(`${given.join(' and ')} can't be combined with --images build, which uses no registry`, {
      hint: 'leave one of them out',
    });
  }
  const { source, because } = await imageSource(given.length > 0 ? 'registry' : flags.images);
  if (because !== undefined) {
    progress.note(
      source === 'registry' ? `images are pulled: ${because}` : `images are built on this machine: ${because}`,
    );
  }
  return source === 'registry' ? stockImages(flags, progress, signal) : buildImages(progress, signal);
};
