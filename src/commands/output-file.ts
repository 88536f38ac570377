import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { PodreachError } from '../errors.ts';
import { isClosed, type Text, writeProblem, writeText } from './text.ts';

/** Throws a PodreachError where a file could not be written at the path, before there is anything to write. */
export const checkFile = async (path: string): Promise<void> => {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw new PodreachError(`the report can't be written to ${path}: it is a folder`);
  await access(found ? path : dirname(resolve(path)), constants.W_OK).catch(unwritable(path));
};

/**
 * Writes a text to a file. A regular file appears, or is replaced, only when the text is whole; what is none (a pipe,
 * /dev/stdout) is written to as it is. Throws a PodreachError with the system's reason; a pipe that its reader closed is
 * none.
 */
export const writeFileWhole = async (path: string, text: Text): Promise<void> => {
  const target = await realpath(path).catch(() => resolve(path));
  const found = await stat(path).catch(() => undefined);
  const inPlace = isDevice(path) || (found !== undefined && !found.isFile()) || !(await isWritable(dirname(target)));
  try {
    if (inPlace) await writeInto(path, isDevice(path) ? 'a' : 'w', found?.mode, text);
    else await replace(target, found?.mode, text);
  } catch (error) {
    if (!inPlace || !isClosed(error)) unwritable(path)(error);
  }
};

/** Of /dev/stdout and the like, which may lead to a file that somebody else has open. */
const isDevice = (path: string): boolean => /^\/(dev|proc)\//.test(resolve(path));

const isWritable = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );

const replace = async (target: string, mode: number | undefined, text: Text): Promise<void> => {
  const fresh = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}.unfinished`);
  try {
    await writeInto(fresh, 'wx', mode, text);
    await rename(fresh, target);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
};

const writeInto = async (path: string, flags: string, mode: number | undefined, text: Text): Promise<void> => {
  const file = await open(path, flags, mode);
  try {
    const stream: Writable = file.createWriteStream();
    stream.on('error', () => undefined);
    await writeText(stream, text);
    await finished(stream.end());
  } finally {
    await file.close();
  }
};

const unwritable =
  (path: string) =>
  (cause: unknown): never => {
    const { code } = Object(cause) as { code?: unknown };
    const hint = code === 'ENOENT' ? 'does its folder exist?' : 'name another file with --output';
    throw new PodreachError(`the report can't be written to ${path}: ${writeProblem(cause)}`, { hint });
  };
