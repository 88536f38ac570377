/** The folder of `--history`: a file of lines for each run, so that two runs never write to the same one. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PodreachError } from '../../errors.ts';
import { type Entry, entryOf, lineOf, readLines } from '../../history/index.ts';
import type { ScenarioResult } from '../../matrix/index.ts';
import { printable } from '../../report/index.ts';
import { checkFile, reportFile } from '../output/index.ts';
import { writeProblem } from '../terminal/index.ts';

/** Begins with the time, so that names sort as runs do. */
const NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z-[0-9a-f]{8}\.jsonl$/;

const nameOf = (at: Date): string =>
  `${at.toISOString().replaceAll(/[:.]/g, '-')}-${randomBytes(4).toString('hex')}.jsonl`;

/** A place for the history of a run that is about to begin. Throws a PodreachError if nothing can be written there. */
export const openHistory = async (
  folder: string,
  unfinished?: Set<string>,
): Promise<(scenarios: readonly ScenarioResult[]) => Promise<void>> => {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new PodreachError(`${printable(folder)} can't be made for the history: ${writeProblem(cause)}`, { cause });
  });
  await checkFile(join(folder, nameOf(new Date())), 'the history');
  return async (scenarios) => {
    if (scenarios.length === 0) return;
    const now = new Date();
    // It appears when it is whole.
    const file = reportFile(join(folder, nameOf(now)), unfinished);
    await file.write(
      scenarios.flatMap(({ name: scenario, file: path, steps }) =>
        steps.map((step) => lineOf(entryOf(step, { at: now.toISOString(), scenario, file: path }))),
      ),
    );
    await file.finish();
  };
};

export interface History {
  readonly entries: readonly Entry[];
  /** Lines and files that could not be read, and runs that were too much to read. */
  readonly unreadable: number;
  readonly leftOut: number;
}

/** More would not fit into memory as marks. */
const BYTES_AT_MOST = 200_000_000;

/** The latest runs, at most so many. Throws a PodreachError if the folder can't be read. */
export const readHistory = async (folder: string, last: number, bytesAtMost = BYTES_AT_MOST): Promise<History> => {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new PodreachError(`${printable(folder)} can't be read: ${writeProblem(cause)}`, {
      hint: '`podreach run --history DIR` begins a history',
      cause,
    });
  });
  const all = names.filter((name) => NAME.test(name)).sort();
  const entries: Entry[] = [];
  let [unreadable, bytes, read] = [0, 0, 0];
  for (const name of all.slice(-last).reverse()) {
    const file = join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) continue;
    bytes += found.size;
    if (bytes > bytesAtMost) break;
    const lines = readLines(await readFile(file, 'utf8').catch(() => '?'));
    entries.push(...lines.entries);
    unreadable += lines.unreadable;
    read += 1;
  }
  return { entries, unreadable, leftOut: all.length - read };
};
