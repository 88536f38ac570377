import { type ImageChoice, imageSource } from '../../host/index.ts';
import type { Progress } from '../../progress.ts';
import { buildImages, type ClusterImages } from './build.ts';
import { stockImages } from './registry.ts';

export { type ClusterImages, componentProgram } from './build.ts';

/** Makes sure that all images and files of a cluster are available, and returns them. */
export const ensureImages = async (
  choice: ImageChoice,
  progress: Progress,
  signal?: AbortSignal,
): Promise<ClusterImages> =>
  (await imageSource(choice)) === 'registry' ? stockImages(progress) : buildImages(progress, signal);
