import { PodreachError } from '../errors.ts';
import type { Client } from '../kube/index.ts';
import { CONTAINER, type PodEndpoint } from './endpoint.ts';

/** Constant text; the signal is its argument. */
const SWITCH_SCRIPT = `
for process in /proc/[0-9]*; do
  read -r name <"$process/comm" && [ "$name" = agnhost ] && kill -s "$1" "\${process##*/}"
done
exit 0
`;

const SWITCH_MS = 20_000;

/**
 * Suspends every server of a pod, or resumes it. Throws only on an abort: if it fails otherwise, the kubelet has
 * nothing to notice, and that shows.
 */
export const switchServers = async (
  client: Client,
  { namespace, pod }: PodEndpoint,
  name: 'STOP' | 'CONT',
  signal: AbortSignal | undefined,
): Promise<void> => {
  const argv = ['sh', '-c', SWITCH_SCRIPT, 'switch', name];
  await client
    .exec({ namespace, pod, container: CONTAINER }, argv, { deadlineMs: SWITCH_MS, signal })
    .catch((error: unknown) => {
      if (signal?.aborted || !(error instanceof PodreachError)) throw error;
    });
};
