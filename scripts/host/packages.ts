import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { PodreachError } from '../../src/errors.ts';
import { run } from '../../src/host/command.ts';

const lockWaitMs = 300_000;
const policyFile = '/usr/sbin/policy-rc.d';
const refusal =
  '#!/bin/sh\n# podreach: no service starts while it installs packages; remove this file if podreach is not running\nexit 101\n';
const environment = { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };

/** apt-get can wait for dpkg's lock, but not for the lock on its lists. */
const updateLists = async (deadlineMs = Date.now() + lockWaitMs): Promise<void> => {
  try {
    await run('apt-get', ['-q', 'update', '-o', 'Acquire::Retries=3'], {
      purpose: 'updating the package lists',
      env: environment,
    });
  } catch (error) {
    const locked = error instanceof PodreachError && /could not (get|open) lock/i.test(error.message);
    if (!locked || Date.now() > deadlineMs) throw error;
    await sleep(2000);
    await updateLists(deadlineMs);
  }
};

/**
 * Runs `work` while packages may not start the services they bring: where no systemd does it, their init scripts would,
 * and the Engine would run without the arguments that this host needs. policy-rc.d is Debian's own way to say so:
 * https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
 */
const withoutStarting = async (work: () => Promise<void>): Promise<void> => {
  // A file of ours is left from a killed installation, not a decision of the host's.
  const standing = await readFile(policyFile, 'utf8').catch(() => refusal);
  if (standing !== refusal) return work();
  await writeFile(policyFile, refusal, { mode: 0o755 });
  try {
    await work();
  } finally {
    await rm(policyFile, { force: true });
  }
};

/** Installs Debian packages without recommended ones; waits up to 5 minutes for another package manager to end. */
export const installPackages = async (
  packages: readonly string[],
  { systemd }: { systemd: boolean },
): Promise<void> => {
  await updateLists();
  const install = async () => {
    const options = ['-o', `DPkg::Lock::Timeout=${lockWaitMs / 1000}`, '-o', 'Acquire::Retries=3'];
    await run('apt-get', ['-q', '-y', ...options, 'install', '--no-install-recommends', ...packages], {
      purpose: `installing ${packages.join(', ')}`,
      env: environment,
    });
  };
  await (systemd ? install() : withoutStarting(install));
};
