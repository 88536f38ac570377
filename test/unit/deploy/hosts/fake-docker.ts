import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { inFolder } from '../../scripts/temporary-folder.ts';

/**
 * Runs the work while `docker` is this shell script, which gets Docker's arguments. `calls` are those so far, each with its
 * arguments between blanks; what is in several lines is in one.
 */
export const withDocker = (
  script: string,
  work: (calls: () => Promise<readonly string[]>) => Promise<void>,
): Promise<void> => {
  const note = `printf '%s ' "$@" | tr '\\n' ';' >>"\${0%/*}/calls"; echo >>"\${0%/*}/calls"`;
  return inFolder({ docker: `#!/bin/sh\n${note}\n${script}\n` }, async (folder) => {
    const { PATH } = process.env;
    process.env.PATH = `${folder}${delimiter}${PATH}`;
    try {
      await work(async () => (await readFile(join(folder, 'calls'), 'utf8')).trim().split(/ *\n/));
    } finally {
      process.env.PATH = PATH;
    }
  });
};
