import { execa } from 'execa';

/** The lines that a command of `docker` prints. */
export const docker = async (...args: readonly string[]): Promise<readonly string[]> => {
  const { stdout } = await execa('docker', args, { timeout: 60_000 });
  return stdout.split('\n').filter((line) => line !== '');
};

/** Containers and images that podreach made, whatever for, and networks. */
export const madeInDocker = async (): Promise<readonly string[]> => {
  const made = ['--filter', 'label=podreach/home'];
  const all = await Promise.all([
    docker('ps', '--all', ...made, '--format', 'container {{.Names}}'),
    docker('image', 'ls', ...made, '--format', 'image {{.ID}}'),
    docker('network', 'ls', '--format', 'network {{.Name}}'),
  ]);
  return all.flat();
};
