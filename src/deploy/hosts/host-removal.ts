import { disconnect } from './disconnect.ts';
import { type HostContainer, removeContainers } from './host-container.ts';

/** On a container: marks it as an outside host and lists the nodes to which it has tunnels. */
export const HOST_LABEL = 'podreach/host';

/** Removes outside hosts and, on these nodes, their tunnels. */
export const removeHosts = async (
  containers: readonly Pick<HostContainer, 'container' | 'underlay'>[],
  nodes: readonly string[],
): Promise<void> => {
  await Promise.all(containers.flatMap(({ underlay }) => nodes.map((node) => disconnect(node, underlay))));
  await removeContainers(containers.map(({ container }) => container));
};
