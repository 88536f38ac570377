import { CONTAINER } from '../deploy/index.ts';
import type { Client } from '../kube/index.ts';
import { type PortState, parseWait, type Target, type WaitResult, waitArgv } from './wait-script.ts';

export interface PodWait {
  readonly wanted: PortState;
  readonly targets: readonly Target[];
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** For the exec itself, in addition to the script's own wait. */
const EXEC_SLACK_MS = 5_000;

/**
 * Runs the wait script in a pod, and once more if a part of its report is missing: a busy node can lose the end of what a
 * command printed. Throws a PodreachError if the exec fails.
 */
export const waitInPod = async (
  client: Client,
  { namespace, pod }: { readonly namespace: string; readonly pod: string },
  { wanted, targets, deadlineMs, signal }: PodWait,
): Promise<(target: Target) => WaitResult> => {
  const argv = waitArgv(wanted, deadlineMs, targets);
  const options = { deadlineMs: deadlineMs + EXEC_SLACK_MS, signal, bearsOutage: true, leavesShell: true };
  const run = async () =>
    parseWait((await client.exec({ namespace, pod, container: CONTAINER }, argv, options)).stdout);
  const resultOf = await run();
  return targets.some((target) => isMissing(resultOf(target))) ? run() : resultOf;
};

const isMissing = (result: WaitResult): boolean => typeof result === 'object' && result.broken === undefined;
