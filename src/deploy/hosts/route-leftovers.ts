import { PodreachError } from '../../errors.ts';
import type { Leftover } from '../../host/index.ts';
import { run } from '../../host/index.ts';
import { disconnect } from './disconnect.ts';
import { NODE_NETWORK } from './host-container.ts';
import { tunnelsIn } from './tunnel.ts';

/** Constant text. The last line proves that the output is complete, because `docker exec` sometimes truncates it. */
const SHOW = 'ip -oneline link show type vxlan && ip rule show && ip -6 rule show && echo end';

/**
 * Devices and rules on nodes that lead to outside hosts that no longer exist. The nodes must belong to a cluster of
 * podreach's own. Their age is not known.
 */
export const routeLeftovers = async (nodes: readonly string[]): Promise<readonly Leftover[]> => {
  const shown = await Promise.all(nodes.map(async (node) => [node, await tunnelsOn(node)] as const));
  // A host's container exists before and after its tunnel, so in this order a live host is never taken for dead.
  const living = await underlays();
  return shown.flatMap(([node, tunnels]) =>
    tunnels
      .filter((tunnel) => !living.some((address) => address.endsWith(`.${tunnel}`)))
      .map((tunnel) => ({
        what: 'route',
        name: `${node}: the route to a host at *.${tunnel}`,
        why: 'no container has this address on the network of the nodes',
        since: undefined,
        remove: () => removeTunnel(node, tunnel),
      })),
  );
};

const tunnelsOn = async (node: string): Promise<readonly string[]> => {
  const purpose = `asking ${node} for its devices and rules`;
  const shown = await run('docker', ['exec', node, 'sh', '-c', SHOW], { purpose, timeout: 20_000 });
  if (!shown.endsWith('end')) throw new PodreachError(`${purpose}: the answer was cut off`);
  return tunnelsIn(shown);
};

/** The addresses of all containers on the nodes' network. */
const underlays = async (): Promise<readonly string[]> => {
  const format = '{{range .Containers}}{{println .IPv4Address}}{{end}}';
  const args = ['network', 'inspect', NODE_NETWORK, '--format', format];
  const shown = await run('docker', args, {
    purpose: 'asking Docker who is on the network of the nodes',
    timeout: 20_000,
  });
  return shown.split('\n').map((line) => line.replace(/\/.*/, ''));
};

const removeTunnel = async (node: string, tunnel: string): Promise<void> => {
  if ((await underlays()).some((address) => address.endsWith(`.${tunnel}`))) return;
  await disconnect(node, `0.0.${tunnel}`);
  if ((await tunnelsOn(node)).includes(tunnel)) throw new PodreachError(`${node} still has the route to *.${tunnel}`);
};
