import { PodreachError } from '../errors.ts';
import { cancelledBy, run } from '../host/index.ts';

/** A node as the cluster knows it. */
export interface NodeIdentity {
  readonly name: string;
  /** `status.nodeInfo.machineID`, which tells it from a container of that name in another cluster. */
  readonly machineId: string;
}

const KIND_LABEL = '{{.State.Running}} {{index .Config.Labels "io.x-k8s.kind.cluster"}}';
const ATTEMPTS = 3;

/**
 * Runs a program in a node that is a kind container on this machine, and returns what it printed. Throws a PodreachError
 * that says why there is nothing.
 * @param end The last line of a complete output, because `docker exec` sometimes truncates it without any sign of it.
 */
export const runInNode = async (
  { name, machineId }: NodeIdentity,
  argv: readonly string[],
  end: string,
  signal?: AbortSignal,
): Promise<string> => {
  const options = { purpose: `looking into the node ${name}`, timeout: 20_000, ...cancelledBy(signal) };
  const label = await run('docker', ['inspect', '--type', 'container', '--format', KIND_LABEL, name], options).catch(
    () => '',
  );
  if (!/^true \S+$/.test(label)) throw new PodreachError(`${name} is not a kind container on this machine`);
  const command = ['exec', name, 'sh', '-c', 'cat /etc/machine-id && exec "$@"', 'sh', ...argv];
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const [id, ...lines] = (await run('docker', command, options)).split('\n');
    if (id !== machineId) throw new PodreachError(`the container ${name} on this machine belongs to another cluster`);
    if (lines.at(-1) === end) return lines.join('\n');
  }
  throw new PodreachError(`what ${name} printed was cut off ${ATTEMPTS} times`);
};
