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
 * Stops every server of a pod where it stands, or lets it go on. Nothing is thrown where that fails, but on an abort:
 * there is then nothing for a kubelet to notice, which shows.
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
