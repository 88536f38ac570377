/** Asks git, and changes nothing. What a user typed never becomes an option or a command. */
import { posix } from 'node:path';
import { PodreachError } from '../../../errors.ts';
import { excerpt, quoted } from '../../../text.ts';

const LIMIT_MS = 60_000;
const OUTPUT_BYTES = 512 * 1024 * 1024;

/** What no variable of the caller may change: paths are no patterns, and nothing is fetched. */
const ENV = { GIT_LITERAL_PATHSPECS: '1', GIT_NO_LAZY_FETCH: '1', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };

interface GitOptions {
  readonly hint?: string;
  readonly input?: string;
}

/** Runs git and returns its output; `failed` says what it means if git fails. */
export type Git = (args: readonly string[], failed: string, options?: GitOptions) => Promise<Buffer>;

export const gitIn =
  (folder: string): Git =>
  async (args, failed, { hint, input } = {}) => {
    const { execa } = await import('execa');
    const result = await execa('git', ['-c', 'core.fsmonitor=false', '-C', folder, ...args], {
      ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
      env: ENV,
      encoding: 'buffer',
      stripFinalNewline: false,
      maxBuffer: OUTPUT_BYTES,
      reject: false,
      timeout: LIMIT_MS,
    });
    if (!result.failed) return Buffer.from(result.stdout);
    if (result.code === 'ENOENT') throw new PodreachError('the program git is not on this machine');
    const said = excerpt(Buffer.from(result.stderr).toString().trim().split('\n')[0] ?? '', 300);
    throw new PodreachError(said === '' ? failed : `${failed}: ${said}`, hint === undefined ? {} : { hint });
  };

/** A path as the user wrote it, from the top of the repository; '' is the top. */
export const fromTop = (prefix: string, path: string): string => {
  const whole = posix
    .normalize(posix.join(prefix, path))
    .replace(/^\.?\/?$/, '')
    .replace(/\/$/, '');
  if (whole.split('/')[0] !== '..' && !posix.isAbsolute(path)) return whole;
  throw new PodreachError(`${quoted(path)} is outside the repository`, { hint: 'paths are relative to this folder' });
};

/** The object name of a commit; no other command gets what a user typed. */
export const commitOf = async (git: Git, revision: string): Promise<string> => {
  requireRevision(revision);
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  return objectName(
    await git(args, unknownText(revision), { hint: 'is it fetched? `git fetch` gets the branches of a remote' }),
  );
};

/** A commit, and what a user calls it. */
interface Named {
  readonly name: string;
  readonly commit: string;
}

/** The commit at which two others parted, as in `git diff A...B`. */
export const mergeBase = async (git: Git, one: Named, other: Named): Promise<string> => {
  const what = `${quoted(one.name)} and ${quoted(other.name)} have no common commit`;
  return objectName(
    await git(['merge-base', one.commit, other.commit], what, {
      hint: 'is the clone shallow? `git fetch --unshallow`',
    }),
  );
};

/** The working folder below the top of the repository: '' or `k8s/`. */
export const gitPrefix = async (folder: string): Promise<string> =>
  (await gitIn(folder)(['rev-parse', '--show-prefix'], 'looking for the repository')).toString().trimEnd();

const unknownText = (revision: string): string => `git knows no revision ${quoted(revision)} here`;

/** What git could take for an option, for two revisions, or for a path. */
const requireRevision = (revision: string): void => {
  if (/^(?!-)[^\s\p{Cc}:]+$/u.test(revision) && !revision.includes('..')) return;
  throw new PodreachError(`${quoted(revision)} is not a revision`, { hint: 'write a branch, a tag or a commit' });
};

const objectName = (output: Buffer): string => {
  const name = output.toString().trim();
  if (/^[0-9a-f]{40,64}$/.test(name)) return name;
  throw new PodreachError('git answered with something other than the name of a commit');
};
