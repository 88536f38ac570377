/** Does something again whenever a file changes that it has read. */
import { type FSWatcher, watch } from 'node:fs';
import { PodreachError } from '../../errors.ts';
import { writeProblem } from '../terminal/index.ts';

/** Watches a folder, but not those in it, until it is closed. `onChange` gets the name of what changed, if it is known. */
export type WatchFolder = (folder: string, onChange: (name: string | null) => void) => { close(): void };

export interface Watching {
  /** Does it once, and returns the folders that matter to it. It must not reject. */
  readonly work: () => Promise<ReadonlySet<string>>;
  /** Whether a change of this file in that folder matters. */
  readonly matters: (folder: string, name: string) => boolean;
  readonly signal: AbortSignal;
  readonly watchFolder?: WatchFolder;
  /** An editor that saves a file makes several changes. */
  readonly pauseMs?: number;
}

const PAUSE_MS = 30;

/** Resolves when the signal is given, after what is being done has ended. Rejects if a folder can't be watched. */
export const watching = async ({
  work,
  matters,
  signal,
  watchFolder = watchWithSystem,
  pauseMs = PAUSE_MS,
}: Watching): Promise<void> => {
  const watchers = new Map<string, { close(): void }>();
  const bell = createBell(signal);
  const follow = (folders: ReadonlySet<string>): void => {
    for (const [folder, watcher] of watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of folders) {
      if (watchers.has(folder)) continue;
      const onChange = (name: string | null): void => {
        if (name === null || matters(folder, name)) bell.ring();
      };
      watchers.set(folder, watchFolder(folder, onChange));
    }
  };
  try {
    while (!signal.aborted) {
      follow(await work());
      await bell.rung();
      // What changes meanwhile is seen by the work that follows.
      await bell.silence(pauseMs);
    }
  } finally {
    for (const watcher of watchers.values()) watcher.close();
  }
};

/** Remembers one change until somebody waits for it. */
const createBell = (signal: AbortSignal) => {
  let isRung = false;
  let wake = (): void => {};
  const ring = (): void => {
    isRung = true;
    wake();
  };
  signal.addEventListener('abort', ring, { once: true });
  return {
    ring,
    rung: async (): Promise<void> => {
      if (!isRung) await new Promise<void>((resolve) => (wake = resolve));
      isRung = false;
    },
    /** Resolves after a time in which nothing changed. */
    silence: async (ms: number): Promise<void> => {
      do {
        isRung = false;
        await new Promise<void>((resolve) => setTimeout(resolve, signal.aborted ? 0 : ms));
      } while (isRung && !signal.aborted);
    },
  };
};

const watchWithSystem: WatchFolder = (folder, onChange) => {
  const fail = (cause: unknown): never => {
    throw new PodreachError(`${folder} can't be watched: ${writeProblem(cause)}`, {
      hint: 'is the limit on watched folders reached? (fs.inotify.max_user_watches)',
    });
  };
  let watcher: FSWatcher;
  try {
    watcher = watch(folder, (_, name) => onChange(name));
  } catch (cause) {
    // It may be gone since it was read; then its parent changes too.
    if (Object(cause).code === 'ENOENT') return { close: () => {} };
    return fail(cause);
  }
  watcher.on('error', () => onChange(null));
  return watcher;
};
