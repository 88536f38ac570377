import { isIP } from 'node:net';
import { delimiter } from 'node:path';
import { commandLine } from '../command-line.ts';
import { CONTAINER, type Endpoint, isHost, isService, questionOf } from '../deploy/index.ts';
import type { Probe, Protocol } from '../scenario/index.ts';

export interface RepeatOptions {
  /** One file, or several that are merged. */
  readonly kubeconfig?: readonly string[] | undefined;
  readonly context?: string | undefined;
  /** Seconds that the tool waits. */
  readonly timeoutSeconds?: number;
}

type Command = (host: string, port: string, seconds: string, options: readonly string[]) => readonly string[];

const COMMANDS: Readonly<Record<Protocol, Command>> = {
  TCP: (host, port, seconds, options) => ['timeout', seconds, 'nc', ...options, '-z', '-v', host, port],
  UDP: (host, port, seconds, options) => [
    ...['sh', '-c', 'echo echo hello | timeout "$@"', 'sh'],
    ...[seconds, 'nc', ...options, '-u', '-W', '1', host, port],
  ],
  SCTP: (host, port, seconds) => [
    ...['timeout', seconds, '/agnhost', 'connect', '--protocol', 'sctp', '--timeout', `${seconds}s`],
    host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
  ],
};

/**
 * The command line that repeats one probe by hand, quoted for a POSIX shell; null from a Service.
 * A TCP probe prints `succeeded!`, a UDP probe the echo `hello`; both end with exit code 143 or 124 when dropped.
 */
export const repeatCommand = (
  probe: Omit<Probe, 'from' | 'to'>,
  from: Endpoint,
  to: Endpoint,
  { kubeconfig = [], context, timeoutSeconds = 2 }: RepeatOptions = {},
): string | null => {
  if (isService(from)) return null;
  const command = connecting(probe, to, timeoutSeconds);
  const argv = isHost(from)
    ? ['docker', 'exec', from.container, ...command]
    : [
        ...kubectlWith({ kubeconfig, context }),
        'exec',
        '-n',
        from.namespace,
        from.pod,
        '-c',
        CONTAINER,
        '--',
        ...command,
      ];
  return commandLine(argv);
};

/** The command that connects as a probe does, for a container of the probe image. */
export const connecting = (probe: Omit<Probe, 'from' | 'to'>, to: Endpoint, seconds: number): readonly string[] => {
  const { host, port } = questionOf(to, probe);
  return COMMANDS[probe.protocol](host, String(port), String(seconds), netcatOptions(host, probe));
};

/** `--kubeconfig` takes one file, KUBECONFIG several. */
export const kubectlWith = ({ kubeconfig: files = [], context }: RepeatOptions): readonly string[] => [
  ...(files.length > 1
    ? ['env', `KUBECONFIG=${files.join(delimiter)}`, 'kubectl']
    : ['kubectl', ...files.flatMap((file) => ['--kubeconfig', file])]),
  ...(context === undefined ? [] : ['--context', context]),
];

/** As in the probe: an address needs no lookup, and a name must resolve to an address of the family. */
const netcatOptions = (host: string, { family }: Pick<Probe, 'family'>): readonly string[] => {
  if (isIP(host) !== 0) return ['-n'];
  return family === undefined ? [] : [`-${family.slice(-1)}`];
};
