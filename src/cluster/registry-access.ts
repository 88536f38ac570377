import { cancelledBy, type RegistryLogin, run } from '../host/index.ts';
import type { RegistryAccess } from './images/index.ts';

/** Constant text: $1 is the path of a file that only root may read; its content comes on standard input. */
const WRITE = 'umask 077 && mkdir -p "$(dirname "$1")" && cat >"$1"';

/**
 * Lets a cluster's nodes pull from a registry with certificates of its own, or behind a login.
 * containerd: https://github.com/containerd/containerd/blob/main/docs/hosts.md; the kubelet's login:
 * https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/ and its `config.json`.
 */
export const giveAccess = async (
  nodes: readonly string[],
  { registry, ca, login }: RegistryAccess,
  signal?: AbortSignal,
): Promise<void> => {
  const folder = `/etc/containerd/certs.d/${registry}`;
  const hosts = `server = "https://${registry}"\n\n[host."https://${registry}"]\n  ca = "${folder}/ca.crt"\n`;
  const files: readonly (readonly [string, string])[] = [
    ...(ca ? [[`${folder}/ca.crt`, ca.pem] as const, [`${folder}/hosts.toml`, hosts] as const] : []),
    ...(login ? [['/var/lib/kubelet/config.json', kubeletLogin(registry, login)] as const] : []),
  ];
  const options = { purpose: `giving the nodes access to ${registry}`, timeout: 60_000, ...cancelledBy(signal) };
  const inNode = (node: string, ...command: string[]) => ['exec', '--interactive', node, ...command];
  await Promise.all(
    nodes.map(async (node) => {
      for (const [path, input] of files) {
        await run('docker', inNode(node, 'sh', '-c', WRITE, 'sh', path), { ...options, input });
      }
      // It remembers for five minutes that it had no login.
      if (login) await run('docker', inNode(node, 'systemctl', 'restart', 'kubelet'), options);
    }),
  );
};

const kubeletLogin = (registry: string, { username, password }: RegistryLogin): string =>
  JSON.stringify({ auths: { [registry]: { auth: Buffer.from(`${username}:${password}`).toString('base64') } } });
