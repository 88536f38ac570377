import { access } from 'node:fs/promises';

/** Whether there is something at a path that this user can reach. */
export const isOnDisk = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
