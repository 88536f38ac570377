import { execa } from 'execa';
import { PodreachError } from '../errors.ts';

/** Throws unless a Docker Engine answers; without one nothing can be created or removed. */
export const requireEngine = async (): Promise<void> => {
  const result = await execa('docker', ['version', '--format', '{{.Server.Version}}'], {
    reject: false,
    timeout: 20_000,
  });
  if (!result.failed) return;
  const reason =
    String(result.stderr ?? '')
      .trim()
      .split('\n')
      .at(-1) ?? '';
  throw new PodreachError(
    `no Docker Engine answers${reason ? `: ${reason}` : ': the program docker is not on this machine'}`,
    {
      hint: 'start it, or on Debian let `npm start` install and start it; `podreach doctor` shows what else is needed',
    },
  );
};
