/** Installs Chromium, in which the browser tests open the HTML report, if this machine has none. */
import { existsSync } from 'node:fs';
import { execa } from 'execa';
import { PodreachError } from '../src/errors.ts';
import { installPackages } from './host/packages.ts';

const PACKAGE = 'chromium';

try {
  const { failed } = await execa(PACKAGE, ['--version'], { reject: false });
  if (failed) {
    process.stderr.write(`installing ${PACKAGE}, because the browser tests need it\n`);
    await installPackages([PACKAGE], { systemd: existsSync('/run/systemd/system') });
  }
} catch (error) {
  if (!(error instanceof PodreachError)) throw error;
  process.stderr.write(`podreach: ${error.message}\n${error.hint ? `${error.hint}\n` : ''}`);
  process.exitCode = 2;
}
