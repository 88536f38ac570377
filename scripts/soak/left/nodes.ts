import { docker } from './docker.ts';

/** Devices and rules that lead from a node to outside hosts (src/deploy/hosts/tunnel.ts). */
export const tunnelsOn = async (node: string): Promise<readonly string[]> => {
  const show = 'ip -oneline link show type vxlan; ip rule show; ip -6 rule show';
  const lines = await docker('exec', node, 'sh', '-c', show);
  return lines.filter((line) => /\bprh[0-9a-f]{4}\b|^1000:/v.test(line)).map((line) => `${node}: ${line.trim()}`);
};

/** Files where podreach puts some on a node. */
export const filesOn = async (node: string): Promise<readonly string[]> => {
  const paths = await docker('exec', node, 'find', '/', '/tmp', '-maxdepth', '1', '-name', 'podreach*');
  return paths.map((path) => `${node}: ${path}`);
};

/** $@ are patterns, one for each pod: each of its processes is in a control group with its uid. */
const PROCESSES = `
for pattern in "$@"; do
  for file in $(grep -l -e "$pattern" /proc/[0-9]*/cgroup 2>/dev/null); do
    printf '%s %s %s\\n' "$pattern" "\${file%/cgroup}" "$(tr '\\000\\n' '  ' <"\${file%cgroup}cmdline" 2>/dev/null | cut -c -80)"
  done
done
true
`;

/** The processes in pods on a node, one line each. */
export const podProcessesOn = async (node: string, uids: readonly string[]): Promise<readonly string[]> => {
  const patterns = uids.map((uid) => uid.replaceAll('-', '_'));
  const lines = await docker('exec', node, 'sh', '-c', PROCESSES, 'sh', ...patterns);
  // One that has ended meanwhile has no command line.
  return lines.filter((line) => !/\/\d+ $/v.test(line)).map((line) => `process in a pod on ${node}: ${line}`);
};
