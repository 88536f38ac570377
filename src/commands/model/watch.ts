import { dirname, join, resolve } from 'node:path';
import { PodreachError } from '../../errors.ts';
import { plural } from '../../text.ts';
import { readChoice } from '../flags/index.ts';
import { errorLines, type Terminal } from '../terminal/index.ts';
import { type ModelFlags, model } from './model.ts';
import { type WatchFolder, watching } from './watching.ts';

/** Moves to the top of an empty screen. */
const CLEAR = '\x1b[2J\x1b[3J\x1b[H';

/** Whether the change of a file in a folder may change the answer; paths are absolute. */
export const mattersTo =
  (read: ReadonlySet<string>, written: ReadonlySet<string>) =>
  (folder: string, name: string): boolean =>
    !name.startsWith('.') &&
    !written.has(join(folder, name)) &&
    (read.has(join(folder, name)) || MAY_BE_READ.test(name));

/** A new manifest or a new folder. The terminal's own output may go to any other file there. */
const MAY_BE_READ = /\.ya?ml$|^[^.]+$/;

/** `podreach model --watch`: predicts again whenever a file changes that was read, until it is interrupted. */
export const modelWatch = async (
  paths: readonly string[],
  flags: ModelFlags,
  terminal: Terminal,
  watchFolder?: WatchFolder,
): Promise<number> => {
  if (paths.includes('-'))
    throw new PodreachError("--watch can't watch standard input", { hint: 'name the files, or their folder' });
  const written = new Set(
    [...flags.reporter.map((one) => readChoice(one).file), flags.output]
      .flatMap((file) => file ?? [])
      .map((file) => resolve(file)),
  );
  const read = new Set<string>();
  const work = async (): Promise<ReadonlySet<string>> => {
    const folders = new Set([resolve('.')]);
    const onRead = (file: string): void => {
      read.add(resolve(file));
      folders.add(dirname(resolve(file)));
    };
    if (terminal.width !== undefined) await terminal.print(CLEAR);
    await model(paths, flags, terminal, onRead).catch((error: unknown) => {
      if (!(error instanceof PodreachError)) throw error;
      terminal.complain(`${errorLines(error, false).join('\n')}\n`);
    });
    for (const path of paths) for (const folder of [path, dirname(path)]) folders.add(resolve(folder));
    terminal.progress.note(`watching ${plural(folders.size, 'folder')}; Ctrl-C ends it`);
    return folders;
  };
  await watching({
    work,
    matters: mattersTo(read, written),
    signal: terminal.signal,
    ...(watchFolder && { watchFolder }),
  });
  return 0;
};
