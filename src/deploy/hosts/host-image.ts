import { execa } from 'execa';
import { run } from '../../cluster/command.ts';
import { hasImage } from '../../cluster/images/node.ts';
import { PodreachError } from '../../errors.ts';

/**
 * Makes sure that the Docker Engine has the image that the pods run: from a node, which holds it, for an image that was
 * built into the nodes is in no registry; else it is pulled.
 */
export const ensureHostImage = async (image: string, node: string): Promise<void> => {
  if (await hasImage(image)) return;
  const save = execa('docker', ['exec', node, 'ctr', '--namespace', 'k8s.io', 'images', 'export', '-', image], {
    buffer: false,
    reject: false,
    timeout: 120_000,
  });
  const load = await execa('docker', ['load'], { input: save.stdout, reject: false, timeout: 120_000 });
  if (!load.failed && (await hasImage(image))) return;
  await run('docker', ['pull', image], {
    purpose: `pulling ${image} for hosts outside the cluster`,
    timeout: 300_000,
  }).catch((cause: unknown) => {
    throw new PodreachError(`the image ${image} is neither on the node ${node} nor can it be pulled`, { cause });
  });
};
