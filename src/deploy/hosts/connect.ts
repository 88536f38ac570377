import { cancelledBy, ownershipLabels, run, thisOwnership } from '../../host/index.ts';
import { disconnect } from './disconnect.ts';
import type { HostContainer } from './host-container.ts';
import { type Commands, hostCommands, nodeCommands } from './tunnel.ts';
import type { NodeEnd } from './tunnel-nodes.ts';

/**
 * Sets up the tunnels between an outside host and the nodes. The host's ends are set up through a container of the node
 * image, which has `ip` and may use it.
 */
export const connect = async (
  { container, underlay }: Pick<HostContainer, 'container' | 'underlay'>,
  addresses: readonly string[],
  nodes: readonly NodeEnd[],
  signal?: AbortSignal,
): Promise<void> => {
  const host = { addresses, underlay };
  const options = {
    purpose: `connecting the outside host ${addresses.join()}`,
    timeout: 60_000,
    ...cancelledBy(signal),
  };
  const image = await run('docker', ['inspect', '--format', '{{.Image}}', nodes[0]?.name ?? ''], options);
  const inside = hostCommands(host, nodes);
  await run('docker', [...(await helperArgs(container, image, inside)), ...connectArgs(inside)], options);
  for (const [index, { name }] of nodes.entries()) {
    // A container that died without cleanup may have had this same address on the network, and so the device's name.
    await disconnect(name, underlay);
    await run('docker', ['exec', name, 'sh', ...connectArgs(nodeCommands(host, nodes, index))], options);
  }
};

/** A shell in the host's network, with the right to change it. */
const helperArgs = async (container: string, image: string, { v6 }: Commands): Promise<readonly string[]> => {
  const labels = Object.entries(ownershipLabels(await thisOwnership()));
  return [
    ...['run', '--rm', ...labels.flatMap(([name, value]) => ['--label', `${name}=${value}`])],
    ...['--network', `container:${container}`],
    // Docker turns IPv6 off in its containers, and only a privileged container may turn it on.
    ...(v6 === '' ? ['--cap-add', 'NET_ADMIN'] : ['--privileged']),
    ...['--entrypoint', 'sh', image],
  ];
};

/** Constant text; the commands come as arguments. If IPv6 is already on, /proc/sys may be read-only. */
const CONNECT = `set -e
printf %s "$1" | ip -batch -
[ -n "$2" ] || exit 0
for file in /proc/sys/net/ipv6/conf/*/disable_ipv6; do
  [ "$(cat "$file")" = 0 ] || echo 0 >"$file"
done
printf %s "$2" | ip -6 -batch -`;

const connectArgs = ({ first, v6 }: Commands): readonly string[] => ['-c', CONNECT, 'sh', first, v6];
