import { constants } from 'node:fs';
import { access, type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { PodreachError } from '../../errors.ts';
import { hiddenBeside } from '../../unfinished.ts';
import { isClosed, type Text, writeProblem, writeText } from '../terminal/index.ts';

/** Throws a PodreachError if a file can't be written at the path, before there is anything to write. */
export const checkFile = async (path: string, what = 'the report'): Promise<void> => {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw new PodreachError(`${what} can't be written to ${path}: it is a folder`);
  await access(found ? path : dirname(resolve(path)), constants.W_OK).catch(unwritable(path, what));
};

/** A report that is being written to a file. Its functions throw a PodreachError with the system's reason. */
export interface ReportFile {
  /** Adds to the report. A pipe or a device gets it at once, a regular file when the report is complete. */
  write(text: Text): Promise<void>;
  /** The report is complete: a regular file appears or is replaced. */
  finish(): Promise<void>;
  /** The report is given up: a regular file stays as it was. */
  discard(): Promise<void>;
}

/**
 * Opens nothing before there is something to write. After the reader has closed a pipe, the rest is dropped.
 * @param append Adds to a file, and keeps what it has.
 * @param unfinished Holds the path of the hidden file to which a regular file is written, as long as it exists.
 */
export const reportFile = (path: string, unfinished = new Set<string>(), append = false): ReportFile => {
  let opened: Promise<OpenFile> | undefined;
  let isUnwanted = false;
  const withFile = async (act: (file: OpenFile) => Promise<void>): Promise<void> => {
    opened ??= openFile(path, unfinished, append);
    const { inPlace } = await opened.catch(unwritable(path));
    await act(await opened).catch((error: unknown) => {
      // An error thrown by the text itself is not the file's.
      if (typeof Object(error).code !== 'string') throw error;
      if (!inPlace || !isClosed(error)) unwritable(path)(error);
      isUnwanted = true;
    });
  };
  return {
    write: (text) =>
      withFile(async ({ stream }) => {
        if (!isUnwanted) await writeText(stream, text);
      }),
    finish: () =>
      withFile(async ({ stream, handle, fresh, target }) => {
        try {
          if (!isUnwanted) await finished(stream.end());
        } finally {
          await handle.close();
        }
        if (fresh === undefined) return;
        await rename(fresh, target);
        unfinished.delete(fresh);
      }),
    discard: async () => {
      const file = await opened?.catch(() => undefined);
      await file?.handle.close();
      if (file?.fresh === undefined) return;
      await rm(file.fresh, { force: true });
      unfinished.delete(file.fresh);
    },
  };
};

interface OpenFile {
  readonly handle: FileHandle;
  readonly stream: Writable;
  readonly inPlace: boolean;
  /** The file that becomes the target; absent if the target is written in place. */
  readonly fresh?: string;
  readonly target: string;
}

const openFile = async (path: string, unfinished: Set<string>, append: boolean): Promise<OpenFile> => {
  const target = await realpath(path).catch(() => resolve(path));
  const found = await stat(path).catch(() => undefined);
  const inPlace =
    append || isDevice(path) || (found !== undefined && !found.isFile()) || !(await isWritable(dirname(target)));
  const fresh = inPlace ? undefined : await hiddenBeside(target);
  if (fresh !== undefined) unfinished.add(fresh);
  const handle =
    fresh === undefined
      ? await open(path, append || isDevice(path) ? 'a' : 'w', found?.mode)
      : await open(fresh, 'wx', found?.mode);
  const stream = handle.createWriteStream();
  stream.on('error', () => undefined);
  return { handle, stream, inPlace, target, ...(fresh !== undefined && { fresh }) };
};

/** Paths such as /dev/stdout may lead to a file that somebody else has open. */
const isDevice = (path: string): boolean => /^\/(dev|proc)\//.test(resolve(path));

const isWritable = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );

const unwritable =
  (path: string, what = 'the report') =>
  (cause: unknown): never => {
    const { code } = Object(cause) as { code?: unknown };
    const hint = code === 'ENOENT' ? 'does its folder exist?' : 'choose another file';
    throw new PodreachError(`${what} can't be written to ${path}: ${writeProblem(cause)}`, { hint });
  };
