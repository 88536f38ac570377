import { execa } from 'execa';
import { PodreachError } from '../../errors.ts';
import { exclusively, type FoundObject, type Leftover, objectLeftovers, removeLeftovers } from '../../host/index.ts';
import type { Progress } from '../../progress.ts';
import { NODE_NETWORK } from './host-container.ts';
import { HOST_LABEL, removeHosts } from './host-removal.ts';

/** The outside hosts, with their tunnels, of dead processes with this user and cache folder. */
export const hostLeftovers = async (): Promise<readonly Leftover[]> =>
  (await objectLeftovers(isHostContainer, ['container'])).map((leftover) => ({
    ...leftover,
    remove: () => removeHost(leftover.name),
  }));

/** Whether a container is an outside host, with tunnels on the nodes. */
export const isHostContainer = ({ labels }: FoundObject): boolean => labels[HOST_LABEL] !== undefined;

const removeHost = async (container: string): Promise<void> => {
  const format = `{{index .Config.Labels "${HOST_LABEL}"}}\t{{.NetworkSettings.Networks.${NODE_NETWORK}.IPAddress}}`;
  const { stdout } = await execa('docker', ['inspect', '--format', format, container], {
    reject: false,
    timeout: 20_000,
  });
  const [nodes = '', underlay = ''] = (stdout ?? '').split('\t');
  await removeHosts([{ container, underlay }], underlay ? nodes.split(',') : []);
};

/**
 * Removes the outside hosts of dead runs; notes those that can't be removed. There are none without a Docker Engine,
 * and a cluster of the user's needs none. Only one podreach does this at a time: once a host is gone, another may get
 * its address, and with it the name of its devices.
 */
export const removeDeadHosts = (progress: Progress): Promise<void> =>
  exclusively('the cleanup', progress, async () => {
    const found = await hostLeftovers().catch((error: unknown) => {
      if (!(error instanceof PodreachError)) throw error;
      return [];
    });
    await removeLeftovers(found, progress);
  });
