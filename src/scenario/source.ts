import { readFile, stat } from 'node:fs/promises';
import { fileProblem, type Problem } from './problem.ts';

const largestBytes = 1024 * 1024;

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  ENOTDIR: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the path is too long',
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';

/** Whether there is nothing at the path, which is not the same as something that can't be read. */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));

/** Why a file could not be used, in words; never the raw error, which holds absolute paths. */
export const reasonOf = (error: unknown): string => {
  const code = codeOf(error);
  return reasons[code] ?? `can not be read (${code})`;
};

/** Reads a text file of UTF-8, without its byte order mark. What is wrong goes to `problems`, and null comes back. */
export const readText = async (path: string, problems: Problem[]): Promise<string | null> => {
  const refuse = (message: string): null => {
    problems.push(fileProblem(path, message));
    return null;
  };
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return refuse('not a file');
    if (stats.size > largestBytes) return refuse(`larger than ${largestBytes / 1024} KiB`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
    return /[^\P{Cc}\t\n\r\u0085]/u.test(text) ? refuse('not a text file: it holds control characters') : text;
  } catch (error) {
    return refuse(error instanceof TypeError ? 'not a text file: it is not UTF-8' : reasonOf(error));
  }
};
