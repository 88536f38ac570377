import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { hasImage } from '../../cluster/index.ts';
import { PodreachError } from '../../errors.ts';
import { exclusively, run, unfinishedFolder } from '../../host/index.ts';
import { silent } from '../../progress.ts';

const underWay = new Map<string, Promise<void>>();

/**
 * Makes sure that the Docker Engine has the pods' image. Takes it from a node that has it, because an image built into
 * the nodes is in no registry; otherwise pulls it. Concurrent calls share one fetch. Throws a PodreachError with what
 * each program said.
 */
export const ensureHostImage = async (image: string, node: string): Promise<void> => {
  if (await hasImage(image)) return;
  const work = underWay.get(image) ?? exclusively('the image of outside hosts', silent, () => fetchImage(image, node));
  underWay.set(image, work);
  try {
    await work;
  } finally {
    underWay.delete(image);
  }
};

const fetchImage = async (image: string, node: string): Promise<void> => {
  // Another podreach may have fetched it while this one waited.
  if (await hasImage(image)) return;
  try {
    await loadInAttempts(node, image);
    if (await hasImage(image)) return;
    throw new PodreachError('docker load succeeded, but the Engine does not have the image');
  } catch (fromNode) {
    const options = { purpose: 'pulling it', timeout: 300_000 };
    await run('docker', ['pull', image], options).catch((pulling: unknown) => {
      throw new PodreachError(
        `hosts outside the cluster need the image ${image}, which neither the node ${node} nor a registry provides\n${reasonOf(fromNode)}\n${reasonOf(pulling)}`,
        { hint: 'is there space on the disk? check with `podreach doctor`', cause: fromNode },
      );
    });
  }
};

const reasonOf = (error: unknown): string => {
  if (error instanceof PodreachError) return error.message;
  throw error;
};

/** `docker exec` may end before its program does, and then the copy is cut short; another attempt gets it whole. */
const ATTEMPTS = 3;

const loadInAttempts = async (node: string, image: string, attempt = 1): Promise<void> =>
  loadFrom(node, image).catch((error: unknown) => {
    if (attempt === ATTEMPTS) throw error;
    return loadInAttempts(node, image, attempt + 1);
  });

/**
 * Constant text: $1 is the file, $2 the image. The file has its name only once it is complete. Also removes what an
 * interrupted podreach left.
 */
const EXPORT = `find / -maxdepth 1 -name 'podreach-image-*.tar*' -mmin +10 -delete
ctr --namespace k8s.io images export "$1.unfinished" "$2" && mv "$1.unfinished" "$1"`;

/**
 * Copies a node's image to the Engine through files, which are complete or fail: `docker exec` sometimes truncates its
 * output without any sign of it.
 */
const loadFrom = async (node: string, image: string): Promise<void> => {
  const there = `/podreach-image-${randomBytes(4).toString('hex')}.tar`;
  const folder = await unfinishedFolder('host-image');
  const here = join(folder, 'image.tar');
  const step = (purpose: string) => ({ purpose, timeout: 120_000 });
  try {
    await run('docker', ['exec', node, 'sh', '-c', EXPORT, 'sh', there, image], step('exporting it from the node'));
    await run('docker', ['cp', `${node}:${there}`, here], step('copying it from the node'));
    await run('docker', ['load', '--input', here], step('loading it into the Docker Engine'));
  } finally {
    await execa('docker', ['exec', node, 'rm', '-f', there], { reject: false, timeout: 20_000 });
    await rm(folder, { recursive: true, force: true });
  }
};
