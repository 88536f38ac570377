import type { Cell } from '../matrix/index.ts';
import { bounded, listed, printable } from '../text.ts';
import { widthOf } from '../width.ts';
import type { Colours } from './colours.ts';
import { gridLines, isNamed } from './grid.ts';
import { type Group, type Grouped, group } from './grouping.ts';
import { legend } from './mark.ts';
import { looksIn, mismatchesFirst, type Picture, pictureOf } from './picture.ts';

/** A matrix with room for its names is shown ungrouped up to this many rows. */
const SMALL_ROWS = 12;
/** Groups are worth looking up if they leave at most this part of the cells. */
const MUCH_SMALLER = 0.5;
const GROUPS_AT_MOST = 20;
const MEMBERS_AT_MOST = 10;

export interface View {
  readonly width: number;
  readonly colours: Colours;
  /** Every row and column, in the order of the cells. */
  readonly full?: boolean;
}

/** The matrix of a step as a picture, what its marks mean, and who is in its groups. */
export const matrixSections = (cells: readonly Cell[], { width, colours, full = false }: View): readonly string[][] => {
  if (cells.length === 0) return [];
  const { picture, groups } = shown(pictureOf(cells), width, full);
  return [gridLines(picture, width, colours), ...keySections(picture, groups, width)];
};

/** The matrix of a step to be drawn with as much room as it takes, and the same keys to it. */
export const drawable = (
  cells: readonly Cell[],
  { width, full = false }: Pick<View, 'width' | 'full'>,
): { readonly picture: Picture; readonly keys: readonly string[] } => {
  const { picture, groups } = shown(pictureOf(cells), Number.POSITIVE_INFINITY, full);
  return { picture, keys: keySections(picture, groups, width).flat() };
};

const keySections = (picture: Picture, groups: readonly Group[], width: number): string[][] => [
  legend(looksIn(picture), width),
  groupLines(groups, width),
];

const shown = (picture: Picture, width: number, full: boolean): Grouped => {
  const asItIs = { picture, groups: [] };
  const hasRoom = isNamed(picture, width);
  if (full || (picture.rows.length <= SMALL_ROWS && hasRoom)) return asItIs;
  const grouped = group(picture);
  const makesRoom = !hasRoom && isNamed(grouped.picture, width);
  const chosen = makesRoom || sizeOf(grouped.picture) <= sizeOf(picture) * MUCH_SMALLER ? grouped : asItIs;
  return { ...chosen, picture: mismatchesFirst(chosen.picture) };
};

const sizeOf = ({ places }: Picture): number => places.length;

const groupLines = (groups: readonly Group[], width: number): string[] => {
  const lines = bounded(groups, GROUPS_AT_MOST, (one) => [groupLine(one, width - 2)]);
  if (lines.length === 0) return [];
  return ['rows and columns with identical marks are grouped; --full shows each:', ...lines.map((text) => `  ${text}`)];
};

/** As many members as fit on a line, and at least one. */
export const groupLine = ({ label, members: [, ...others] }: Group, width: number): string => {
  const names = others.map(printable);
  const lines = Array.from(
    { length: MEMBERS_AT_MOST },
    (_, index) => `${printable(label)}: ${listed(names, MEMBERS_AT_MOST - index)}`,
  );
  return lines.find((line) => widthOf(line) <= width) ?? (lines.at(-1) as string);
};
