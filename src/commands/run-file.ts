/** JSON reports of earlier runs, as files. */
import { createReadStream } from 'node:fs';
import { PodreachError } from '../errors.ts';
import type { RunResult } from '../matrix/index.ts';
import { printable } from '../report/index.ts';
import { readRun } from '../report/read/index.ts';
import { writeProblem } from './terminal/index.ts';

/** Of about a million cells, which take 2 GB of memory; one string can't be much longer. */
export const CHARACTERS_AT_MOST = 400_000_000;

/** A run, and how long its file is. */
export interface RunFile {
  readonly result: RunResult;
  readonly characters: number;
}

/** Reads a JSON report. Throws a PodreachError if it is none, or is longer than `most` characters. */
export const readRunFile = async (path: string, most = CHARACTERS_AT_MOST): Promise<RunFile> => {
  const text = await readWhole(path, most);
  const parsed = parse(path, text);
  try {
    return { result: readRun(parsed), characters: text.length };
  } catch (error) {
    if (!(error instanceof PodreachError)) throw error;
    const { message, hint } = error;
    throw new PodreachError(
      `${printable(path)} is not the report of a run: ${message}`,
      hint === undefined ? {} : { hint },
    );
  }
};

/** A file may be a pipe and never say how long it is, so it is not asked. */
const readWhole = async (path: string, most: number): Promise<string> => {
  const parts: string[] = [];
  let length = 0;
  try {
    for await (const part of createReadStream(path, 'utf8') as AsyncIterable<string>) {
      length += part.length;
      if (length > most) break;
      parts.push(part);
    }
  } catch (cause) {
    throw new PodreachError(`${printable(path)} can't be read: ${writeProblem(cause)}`, { cause });
  }
  if (length <= most) return parts.join('');
  throw new PodreachError(`${printable(path)} is too large: at most ${most.toLocaleString('en')} characters are read`, {
    hint: most < CHARACTERS_AT_MOST ? 'merge fewer shards at a time' : 'run it in shards, and report each by itself',
  });
};

/** What the engine says about broken JSON quotes the file, which may hold anything. */
const parse = (path: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PodreachError(`${printable(path)} is not the report of a run: it is not JSON`, {
      hint: 'was the run that wrote it interrupted?',
      cause,
    });
  }
};
