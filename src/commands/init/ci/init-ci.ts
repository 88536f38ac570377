import { access, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PodreachError } from '../../../errors.ts';
import { repositoryFor } from '../../../scenario/index.ts';
import type { Ci } from '../../ci.ts';
import type { Terminal } from '../../terminal/index.ts';
import { githubFiles } from './github.ts';
import { gitlabFiles } from './gitlab.ts';
import { type CiPaths, ciProject } from './project.ts';

const FILES = { github: githubFiles, gitlab: gitlabFiles } as const;

/** `podreach init --ci`: writes workflows, never over a file that is there; all of them or none. */
export const initCi = async (system: Ci, paths: CiPaths, terminal: Terminal): Promise<number> => {
  await requireTop();
  const files = FILES[system](await ciProject(), paths);
  await Promise.all([...paths.scenarios, ...paths.manifests].map(requireThere));
  const written: string[] = [];
  const notes: string[] = [];
  try {
    for (const { path, text, unlessThere } of files) {
      await mkdir(dirname(path), { recursive: true });
      const isWritten = await writeNew(path, text, unlessThere !== undefined);
      if (isWritten) written.push(path);
      else if (unlessThere !== undefined) notes.push(unlessThere);
    }
  } catch (error) {
    for (const path of written) await rm(path, { force: true });
    throw error;
  }
  terminal.print([`wrote ${written.join(' and ')}`, ...notes, ''].join('\n'));
  return 0;
};

/** A workflow would fail on its first day. */
const requireThere = async (path: string): Promise<void> => {
  await access(path).catch((cause: unknown) => {
    throw new PodreachError(`there is no ${path} in this folder, where the workflows run`, { cause });
  });
};

/** Returns whether it was written, if it may be there. */
const writeNew = async (path: string, text: string, mayBeThere: boolean): Promise<boolean> => {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (cause) {
    if (Object(cause).code !== 'EEXIST') throw cause;
    if (mayBeThere) return false;
    throw new PodreachError(`${path} exists, and init overwrites nothing`, {
      hint: 'move it away, or change it by hand: docs/github-actions.md and docs/gitlab.md of podreach say how',
      cause,
    });
  }
};

/** CI systems look for workflows at the top of a repository, and run them there. */
const requireTop = async (): Promise<void> => {
  const { root } = await repositoryFor('.');
  const here = await realpath('.');
  if (root === here) return;
  throw new PodreachError(`workflows belong to the top of the repository, which is ${root}`, {
    hint: `run podreach init --ci there: cd ${root}`,
  });
};
