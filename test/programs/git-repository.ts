import { execa } from 'execa';
import { type Files, withFiles, writeFiles } from '../unit/scenario/temporary-folder.ts';

export interface Repository {
  readonly folder: string;
  /** Adds files, commits everything and names the commit. */
  readonly commit: (tag: string, files: Files) => Promise<void>;
  readonly git: (...args: readonly string[]) => Promise<string>;
}

const WHO = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];

/** By one process of this one, whose memory makes a fork slow. $0 is the tag. */
const COMMIT = 'git "$@" add --all && git "$@" commit --quiet --message "$0" && git "$@" tag "$0"';

/** Runs a test in a new git repository, which is gone afterwards. */
export const withRepository = <Result>(use: (repository: Repository) => Promise<Result>): Promise<Result> =>
  withFiles({}, async (folder) => {
    const git = async (...args: readonly string[]): Promise<string> =>
      (await execa('git', [...WHO, '-C', folder, ...args])).stdout;
    await git('init', '--quiet', '--initial-branch=main');
    const commit = async (tag: string, files: Files): Promise<void> => {
      await writeFiles(folder, files);
      await execa('sh', ['-c', COMMIT, tag, ...WHO, '-C', folder]);
    };
    return use({ folder, commit, git });
  });
