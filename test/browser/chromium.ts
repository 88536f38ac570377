import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';

/** Debian's name for it. */
const PROGRAM = 'chromium';

const pathOf = async (): Promise<string> => {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, PROGRAM);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw new Error(
    `${PROGRAM} is not installed, and without it the HTML report can't be tested: apt-get install ${PROGRAM}`,
  );
};

/** root, as in a container, has no sandbox. Nothing but our own pages is opened. */
export const startChromium = async (): Promise<Browser> =>
  puppeteer.launch({
    executablePath: await pathOf(),
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-dev-shm-usage'],
  });
