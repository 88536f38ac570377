import { randomUUID } from 'node:crypto';
import { readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isMap, isScalar, LineCounter, type Pair, parseDocument } from 'yaml';
import { PodreachError } from '../errors.ts';
import { formatGrid } from './grid-format.ts';
import { shownPath } from './problem.ts';
import type { ExpectedProbe, Topology } from './scenario.ts';
import { reasonOf } from './source.ts';

const parse = (text: string, lineCounter = new LineCounter()) =>
  parseDocument(text, { version: '1.2', merge: true, stringKeys: true, lineCounter });

const pairOf = (map: unknown, key: string): Pair | undefined =>
  isMap(map) ? map.items.find((pair) => isScalar(pair.key) && pair.key.value === key) : undefined;

const rangeOf = (node: unknown): readonly [start: number, end: number] | null =>
  isScalar(node) && node.range ? [node.range[0], node.range[1]] : null;

// `|2` gives the indentation of the block: its first line, the destinations, is indented more than the others.
const blockOf = (grid: string, indent: string, comment: string): string =>
  `|2${comment}\n${grid.replaceAll(/^(?=.)/gm, `${indent}  `)}`;

/** The text with the grid inserted and nothing else changed; null if the file's style leaves no place for it. */
const insertGrid = (text: string, grid: string): string | null => {
  const counter = new LineCounter();
  const root = parse(text, counter).contents;
  if (!isMap(root) || root.flow || !root.range) return null;
  const indentAt = (offset: number): string => ' '.repeat(counter.linePos(offset).col - 1);
  const expect = pairOf(root, 'expect');
  if (!expect) {
    const indent = indentAt(root.range[0]);
    const gap = text.endsWith('\n') ? '' : '\n';
    return `${text}${gap}${indent}expect:\n${indent}  grid: ${blockOf(grid, `${indent}  `, '')}`;
  }
  const pair = pairOf(expect.value, 'grid');
  const key = rangeOf(pair?.key);
  const value = rangeOf(pair?.value);
  if (!key || !value) return null;
  const comment = /^[|>]\S*([ \t]+#[^\n]*)?/.exec(text.slice(value[0]))?.[1] ?? '';
  return `${text.slice(0, value[0])}${blockOf(grid, indentAt(key[0]), comment)}${text.slice(value[1])}`;
};

/** If the rest reads as before and the grid as formatted, the place was the right one. */
const holdsOnlyTheGridAsNew = (before: string, after: string, grid: string): boolean => {
  const [old, now] = [parse(before), parse(after)];
  const expected = { ...old.toJS(), expect: { ...old.toJS()?.expect, grid } };
  return now.errors.length === 0 && JSON.stringify(now.toJS()) === JSON.stringify(expected);
};

const replaceFile = async (file: string, text: string): Promise<void> => {
  const target = await realpath(file);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  try {
    await writeFile(temporary, text, { mode: (await stat(target)).mode, flag: 'wx' });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

/**
 * Writes a matrix into a scenario.yaml as its `expect.grid`, for `run -u`. Comments and everything else stay the same,
 * and the file is replaced atomically. `matrix` has every probe of the topology except a pod's own. Throws a
 * PodreachError if the expectation is written as rules: those are written by hand and never overwritten.
 */
export const writeGrid = async (file: string, matrix: readonly ExpectedProbe[], topology: Topology): Promise<void> => {
  const grid = formatGrid(matrix, topology);
  try {
    const text = (await readFile(file)).toString();
    const windows = text.includes('\r\n');
    const before = text.replaceAll('\r\n', '\n');
    const after = insertGrid(before, grid);
    if (after === null || !holdsOnlyTheGridAsNew(before, after, grid))
      throw new PodreachError(`${shownPath(file)}: there is no place for expect.grid`, {
        hint: 'Remove the expect that is there, if it is meant to become a grid; write the file in lines, not in {…}.',
      });
    if (after !== before) await replaceFile(file, windows ? after.replaceAll('\n', '\r\n') : after);
  } catch (error) {
    if (error instanceof PodreachError) throw error;
    throw new PodreachError(`${shownPath(file)}: the grid can't be written: ${reasonOf(error)}`, { cause: error });
  }
};
