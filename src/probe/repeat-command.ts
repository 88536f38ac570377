import { CONTAINER, type Endpoint, type HostEndpoint, type PodEndpoint } from '../deploy/index.ts';
import type { Probe, Protocol } from '../scenario/index.ts';

export interface RepeatOptions {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** Seconds that the tool waits. */
  readonly timeoutSeconds?: number;
}

const COMMANDS: Readonly<
  Record<Protocol, ((address: string, port: string, seconds: string) => readonly string[]) | null>
> = {
  TCP: (address, port, seconds) => ['timeout', seconds, 'nc', '-n', '-z', '-v', address, port],
  UDP: (address, port, seconds) => [
    'sh',
    '-c',
    'echo echo hello | timeout "$3" nc -n -u -W 1 "$1" "$2"',
    'sh',
    address,
    port,
    seconds,
  ],
  SCTP: null,
};

/**
 * The command line that repeats one probe by hand, quoted for a POSIX shell; null where no tool speaks the protocol.
 * A TCP probe prints `succeeded!`, a UDP probe the echo `hello`; both end with exit code 143 or 124 when dropped.
 */
export const repeatCommand = (
  { port, protocol }: Pick<Probe, 'port' | 'protocol'>,
  from: Pick<PodEndpoint, 'namespace' | 'pod'> | Pick<HostEndpoint, 'container'>,
  to: Pick<Endpoint, 'address'>,
  { kubeconfig, context, timeoutSeconds = 2 }: RepeatOptions = {},
): string | null => {
  const command = COMMANDS[protocol]?.(to.address, String(port), String(timeoutSeconds));
  if (!command) return null;
  const options = [
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
    ...(context === undefined ? [] : ['--context', context]),
  ];
  const argv =
    'container' in from
      ? ['docker', 'exec', from.container, ...command]
      : ['kubectl', ...options, 'exec', '-n', from.namespace, from.pod, '-c', CONTAINER, '--', ...command];
  return argv.map(quote).join(' ');
};

const quote = (argument: string): string =>
  /^[\w@%+=:,.\/\-]+$/v.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
