import { type ImageChoice, imageSource } from '../../host/index.ts';
import type { Progress } from '../../progress.ts';
import { buildImages, type ClusterImages } from './build.ts';
import { stockImages } from './registry.ts';

export { type ClusterImages, componentProgram } from './build.ts';

/** Makes sure that everything a cluster is made from is at hand, and says what it is. */
export const ensureImages = async (
  choice: ImageChoice,
  progress: Progress,
  signal?: AbortSignal,
): Promise<ClusterImages> =>
  (await imageSource(choice)) === 'registry' ? stockImages(progress) : buildImages(progress, signal);
