import { readFile } from 'node:fs/promises';
import { commandLine } from '../../../command-line.ts';
import { PodreachError } from '../../../errors.ts';
import { quoted } from '../../../text.ts';
import { packageVersion } from '../../version.ts';

/** What the workflows are about. */
export interface CiPaths {
  /** What `model` and `run` take; empty for all scenarios of the repository. */
  readonly scenarios: readonly string[];
  /** What `compare` takes after two revisions; empty for the whole repository. */
  readonly manifests: readonly string[];
}

export interface CiFile {
  /** From the top of the repository. */
  readonly path: string;
  readonly text: string;
  /** What to do if there is such a file. Without this it is an error. */
  readonly unlessThere?: string;
}

/** What the workflows of a repository have in common. */
export interface CiProject {
  /** The packages are installed by npm ci, with podreach among them; otherwise npx fetches it. */
  readonly installed: boolean;
  readonly version: string;
  /** The command line of podreach with these words, which are quoted already; empty ones are left out. */
  command(...words: readonly string[]): string;
}

/** Looks at the working folder, which is the top of the repository. */
export const ciProject = async (): Promise<CiProject> => {
  const version = packageVersion();
  const installed = await hasPodreach();
  const start = installed ? ['npx', 'podreach'] : ['npx', '--yes', `podreach@${version}`];
  return { installed, version, command: (...words) => [commandLine(start), ...words].filter(Boolean).join(' ') };
};

const hasPodreach = async (): Promise<boolean> => {
  const read = (file: string) => readFile(file, 'utf8').catch(() => '');
  const [own, lock] = await Promise.all([read('package.json'), read('package-lock.json')]);
  return lock !== '' && /"podreach"\s*:/.test(own);
};

/** Paths of the user at the end of a command in a workflow; empty without any. Throws a PodreachError for what a workflow would expand. */
export const pathWords = (paths: readonly string[]): string => {
  for (const path of paths) {
    if (!/\$\{\{|[\n\r]/.test(path)) continue;
    throw new PodreachError(`${quoted(path)} can't stand in a workflow, which would expand it`, {
      hint: 'give the folder another name',
    });
  }
  return paths.length > 0 ? commandLine(['--', ...paths]) : '';
};
