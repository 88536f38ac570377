/** The logs of podreach's own cluster, as kind exports them: only some files, and of each the end. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asPodreachError } from '../errors.ts';
import { unfinishedFolder } from '../host/index.ts';
import { plural, printable } from '../text.ts';
import { writeEvidence } from './folder.ts';
import { logLines } from './log-lines.ts';

export type ExportLogs = (folder: string, signal: AbortSignal) => Promise<void>;

/**
 * What the kubelet, the container runtime and the parts of Kubernetes and of the CNI said. Not what Docker says of the
 * nodes: that has their environments.
 */
const WANTED = /^[^/]+\/(?:kubelet\.log|containerd\.log|containers\/[^/]+_kube-system_[^/]+\.log)$/;
const NOT_WANTED = /\/containers\/etcd-/;
const FILES_AT_MOST = 40;
const CHARACTERS_EACH = 250_000;

/** Returns what became of it, for the index. Rejects only if a file can't be written. */
export const writeClusterLogs = async (
  folder: string,
  exportLogs: ExportLogs | undefined,
  signal: AbortSignal,
): Promise<string> => {
  if (!exportLogs) return "cluster-logs/ was not collected, because this is not podreach's own cluster";
  // If podreach is killed meanwhile, the next run removes it.
  const whole = await unfinishedFolder('cluster-logs');
  try {
    // kind exports what it can and fails in the end if some of it could not be read.
    const problem = await exportLogs(whole, signal).then(
      () => undefined,
      (error: unknown) => asPodreachError(error).message.split('\n')[0],
    );
    const files = await wantedIn(whole);
    for (const file of files)
      await writeEvidence(folder, file, logLines(await readFile(join(whole, file), 'utf8'), CHARACTERS_EACH));
    if (files.length > 0)
      return `cluster-logs/  the end of ${plural(files.length, 'log')} of the cluster's nodes (kind export logs)`;
    return `cluster-logs/ was not collected, because ${printable(problem ?? 'kind exported no log')}`;
  } finally {
    await rm(whole, { recursive: true, force: true });
  }
};

const wantedIn = async (folder: string): Promise<readonly string[]> => {
  const all = await readdir(folder, { recursive: true });
  return all
    .filter((file) => WANTED.test(file) && !NOT_WANTED.test(file))
    .toSorted()
    .slice(0, FILES_AT_MOST);
};
