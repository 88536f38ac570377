import { readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { LineCounter, Pair } from 'yaml';
import { PodreachError } from '../errors.ts';
import { hiddenBeside } from '../unfinished.ts';
import { yaml } from '../yaml-library.ts';
import { formatGrid } from './grid-format.ts';
import { shownPath } from './problem.ts';
import type { ExpectedProbe, Step } from './scenario.ts';
import { isMissing, reasonOf } from './source.ts';

type Path = Step['path'];
type Place = Pick<Step, 'path' | 'alone'>;

const parse = (text: string, lineCounter?: LineCounter) =>
  yaml().parseDocument(text, { version: '1.2', merge: true, stringKeys: true, ...(lineCounter && { lineCounter }) });

const pairOf = (map: unknown, key: string): Pair | undefined => {
  const { isMap, isScalar } = yaml();
  return isMap(map) ? map.items.find((pair) => isScalar(pair.key) && pair.key.value === key) : undefined;
};

const rangeOf = (node: unknown): readonly [start: number, end: number] | null =>
  yaml().isScalar(node) && node.range ? [node.range[0], node.range[1]] : null;

// `|2` gives the indentation of the block: its first line, the destinations, is indented more than the others.
const blockOf = (grid: string, indent: string, comment: string): string =>
  `|2${comment}\n${grid.replaceAll(/^(?=.)/gm, `${indent}  `)}`;

const lineEndFor = (text: string): string => (text === '' || text.endsWith('\n') ? '' : '\n');

/** The text with the grid inserted in the step and nothing else changed; null if the file's style leaves no place for it. */
const insertGrid = (text: string, grid: string, { path, alone }: Place): string | null => {
  const { isMap, LineCounter } = yaml();
  const counter = new LineCounter();
  const document = parse(text, counter);
  if (alone && document.contents === null) return `${text}${lineEndFor(text)}grid: ${blockOf(grid, '', '')}`;
  const step = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isMap(step) || step.flow || !step.range) return null;
  const indentAt = (offset: number): string => ' '.repeat(counter.linePos(offset).col - 1);
  const expect = pairOf(step, 'expect');
  if (!expect && !alone) {
    const indent = indentAt(step.range[0]);
    const end = path.length === 0 ? text.length : step.range[1];
    const added = `${lineEndFor(text.slice(0, end))}${indent}expect:\n${indent}  grid: ${blockOf(grid, `${indent}  `, '')}`;
    return text.slice(0, end) + added + text.slice(end);
  }
  const pair = pairOf(alone ? step : expect?.value, 'grid');
  const key = rangeOf(pair?.key);
  const value = rangeOf(pair?.value);
  if (!key || !value) return null;
  const comment = /^[|>]\S*([ \t]+#[^\n]*)?/.exec(text.slice(value[0]))?.[1] ?? '';
  return `${text.slice(0, value[0])}${blockOf(grid, indentAt(key[0]), comment)}${text.slice(value[1])}`;
};

/** If the rest reads as before and the grid as formatted, the place was the right one. */
const holdsOnlyTheGridAsNew = (before: string, after: string, grid: string, { path, alone }: Place): boolean => {
  const [old, now] = [parse(before), parse(after)];
  return (
    now.errors.length === 0 &&
    JSON.stringify(now.toJS()) === JSON.stringify(alone ? { ...old.toJS(), grid } : withGrid(old.toJS(), grid, path))
  );
};

const withGrid = (value: unknown, grid: string, [key, ...rest]: Path): unknown => {
  if (Array.isArray(value)) return value.with(Number(key), withGrid(value[Number(key)], grid, rest));
  const map = value as Readonly<Record<string, object>>;
  return key === undefined
    ? { ...map, expect: { ...map.expect, grid } }
    : { ...map, [key]: withGrid(map[key], grid, rest) };
};

const replaceFile = async (file: string, text: string): Promise<void> => {
  const target = await realpath(file).catch(() => resolve(file));
  const mode = (await stat(target).catch(() => null))?.mode ?? 0o666;
  const temporary = await hiddenBeside(target);
  try {
    await writeFile(temporary, text, { mode, flag: 'wx' });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

/**
 * Writes a matrix into a scenario.yaml as the `expect.grid` of a step, or as the grid of a file that holds nothing else,
 * for `-u`. Comments and everything else stay the same, and the file is replaced atomically. `matrix` has every probe of
 * the topology except a pod's own, `null` where nothing is expected. Throws a PodreachError if the expectation is written
 * as rules: those are written by hand and never overwritten.
 */
export const writeGrid = async (
  file: string,
  matrix: readonly ExpectedProbe[],
  { topology, ...place }: Place & Pick<Step, 'topology'>,
): Promise<void> => {
  const grid = formatGrid(matrix, topology);
  try {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (place.alone && isMissing(error)) return '';
      throw error;
    });
    const windows = text.includes('\r\n');
    const before = text.replaceAll('\r\n', '\n');
    const after = insertGrid(before, grid, place);
    if (after === null || !holdsOnlyTheGridAsNew(before, after, grid, place))
      throw new PodreachError(`${shownPath(file)}: there is no place for expect.grid`, {
        hint: 'If expect should become a grid, remove the existing one; write the file in lines, not in {…}.',
      });
    if (after !== before) await replaceFile(file, windows ? after.replaceAll('\n', '\r\n') : after);
  } catch (error) {
    if (error instanceof PodreachError) throw error;
    throw new PodreachError(`${shownPath(file)}: the grid can't be written: ${reasonOf(error)}`, { cause: error });
  }
};
