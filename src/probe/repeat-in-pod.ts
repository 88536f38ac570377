import type { ExistingPod, OwnTool } from '../attach/index.ts';
import { commandLine } from '../command-line.ts';
import { questionOf } from '../deploy/index.ts';
import type { Probe } from '../scenario/index.ts';
import { connecting, kubectlWith, type RepeatOptions } from './repeat-command.ts';

export interface RepeatInPodOptions extends RepeatOptions {
  /** The image of the ephemeral containers. */
  readonly image: string;
  /** The tool that the source probed with, if it was one of its own. */
  readonly ownTool?: OwnTool | undefined;
}

/**
 * The command line that repeats one probe between existing pods by hand, quoted for a POSIX shell. It uses what the
 * probe used: a tool of the pod's own, or a new ephemeral container, since an ended one can't be used again.
 */
export const repeatInPod = (
  probe: Omit<Probe, 'from' | 'to'>,
  { namespace, pod }: ExistingPod,
  to: ExistingPod,
  { image, ownTool, timeoutSeconds = 2, ...options }: RepeatInPodOptions,
): string => {
  const inPod = ownTool
    ? [
        'exec',
        '-n',
        namespace,
        pod,
        '-c',
        ownTool.container,
        '--',
        ...connectingWith(ownTool, probe, to, timeoutSeconds),
      ]
    : // The restricted profile would refuse the image, whose user is root.
      [
        'debug',
        '-n',
        namespace,
        pod,
        '-i',
        '--profile=baseline',
        `--image=${image}`,
        '--',
        ...connecting(probe, to, timeoutSeconds),
      ];
  return commandLine([...kubectlWith(options), ...inPod]);
};

const connectingWith = (
  { connector }: OwnTool,
  probe: Omit<Probe, 'from' | 'to'>,
  to: ExistingPod,
  seconds: number,
): readonly string[] => {
  const { host, port } = questionOf(to, probe);
  switch (connector) {
    case 'nc':
      return connecting(probe, to, seconds);
    case 'bash':
      return ['timeout', `${seconds}`, 'bash', '-c', `</dev/tcp/${host}/${port}`];
    case 'wget': {
      const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/`;
      return ['timeout', `${seconds}`, 'wget', '--spider', '--no-proxy', '--max-redirect=0', '-t', '1', url];
    }
  }
};
