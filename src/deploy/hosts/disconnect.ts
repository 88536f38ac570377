import { execa } from 'execa';
import { nodeDevice, nodeTable } from './tunnel.ts';

/** The routes go with the device; rules are removed one by one, by their table. */
const DISCONNECT =
  'ip link delete "$1"; while ip rule delete table "$2"; do :; done; while ip -6 rule delete table "$2"; do :; done';

/** Removes a node's end of the tunnel to a host, if there is one, by the address of the host's container. */
export const disconnect = (node: string, underlay: string): Promise<unknown> =>
  execa('docker', ['exec', node, 'sh', '-c', DISCONNECT, 'sh', nodeDevice(underlay), String(nodeTable(underlay))], {
    reject: false,
    timeout: 20_000,
    detached: true,
  });
