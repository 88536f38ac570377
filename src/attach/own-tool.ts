import { PodreachError } from '../errors.ts';
import type { Client } from '../kube/index.ts';
import { targetOf } from './ephemeral-life.ts';
import type { ExistingPod } from './existing-pod.ts';

/** The tools that can connect in a pod's own container, the best first. */
export const CONNECTORS = ['nc', 'bash', 'wget'] as const;
export type Connector = (typeof CONNECTORS)[number];

export interface OwnTool {
  readonly container: string;
  readonly connector: Connector;
}

/**
 * Prints the tools that the container could connect with; each needs `timeout` as well. With an nc without -z, a silent
 * server looks the same as a blocked one. Of the wgets, only GNU's reports that it connected and can be kept from
 * following a server to another address; the messages of its successor, "GNU Wget2", differ.
 */
const LOOK_SCRIPT = `
command -v timeout >/dev/null || exit 0
case $(timeout 5 nc -h 2>&1 </dev/null) in *-z*) echo nc ;; esac
command -v bash >/dev/null && echo bash
case $(timeout 5 wget --version 2>&1 </dev/null) in *"GNU Wget "*) echo wget ;; esac
exit 0
`;

const LOOK_MS = 15_000;
const NO_TOOL = 'has no timeout together with an nc that supports -z, bash or GNU wget';
const NO_SHELL = 'has no sh';
/** The message of runc and crun for a missing program. */
const NOT_FOUND = /executable file .*not found|no such file or directory/i;

/**
 * The first container of the pod that has the best of the connectors, or why there is none. Runs only the tools' own
 * help. Throws only on an abort.
 */
export const findOwnTool = async (
  client: Client,
  pod: ExistingPod,
  signal?: AbortSignal,
): Promise<OwnTool | { readonly problem: string }> => {
  const found: OwnTool[] = [];
  const problems: string[] = [];
  for (const container of pod.containers) {
    const had = await look(client, pod, container, signal);
    if ('problem' in had) problems.push(had.problem);
    else found.push(...had.connectors.map((connector) => ({ container, connector })));
    if (found.some(({ connector }) => connector === CONNECTORS[0])) break;
  }
  const best = CONNECTORS.flatMap((connector) => found.find((tool) => tool.connector === connector) ?? [])[0];
  return best ?? { problem: problems.join('; ') || 'none of its containers is running' };
};

const look = async (
  client: Client,
  pod: ExistingPod,
  container: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly connectors: readonly Connector[] } | { readonly problem: string }> => {
  try {
    const argv = ['sh', '-c', LOOK_SCRIPT];
    const { stdout, exitCode } = await client.exec(targetOf(pod, container), argv, { deadlineMs: LOOK_MS, signal });
    const words = new Set(stdout.split('\n'));
    const connectors = CONNECTORS.filter((connector) => words.has(connector));
    if (connectors.length > 0) return { connectors };
    return { problem: `container ${container} ${exitCode === 0 ? NO_TOOL : NO_SHELL}` };
  } catch (error) {
    if (signal?.aborted || !(error instanceof PodreachError)) throw error;
    const why = NOT_FOUND.test(error.message) ? ` ${NO_SHELL}` : `: ${error.message}`;
    return { problem: `container ${container}${why}` };
  }
};

/**
 * The command that runs another command which connects with this tool. The probe script reads the variable.
 * @see ../../probe/script.ts
 */
export const connectingBy = (connector: Connector, argv: readonly string[]): readonly string[] => [
  'sh',
  '-c',
  'PODREACH_CONNECT=$1; export PODREACH_CONNECT; shift; exec "$@"',
  'connect',
  connector,
  ...argv,
];
